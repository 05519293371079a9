package practice

import "time"

// Fault is something that goes wrong, from the next packet on, on old connections and new ones.
type Fault string

// The faults.
const (
	FaultNone Fault = ""
	// FaultHang accepts connections and reads, and never answers: a server whose main thread is stuck.
	FaultHang Fault = "hang"
	// FaultHalfClose closes its sending side when a command comes, and reads on. The command is not run.
	FaultHalfClose Fault = "half_close"
	// FaultGarbage answers with bytes that are not RCON. The command is run.
	FaultGarbage Fault = "garbage"
	// FaultReset resets the connection when a command comes. The command is not run.
	FaultReset Fault = "reset"
	// FaultRefuse takes every password for a wrong one.
	FaultRefuse Fault = "refuse"
	// FaultCloseLogin closes the connection at every login, whatever the password.
	FaultCloseLogin Fault = "close_login"
)

// SetFault turns f on, and what was on before off.
func (s *Server) SetFault(f Fault) { s.fault.Store(&f) }

// SetDelay sets how long each command takes from now on.
func (s *Server) SetDelay(d time.Duration) { s.delay.Store(int64(d)) }

func (s *Server) faulty() Fault {
	if f := s.fault.Load(); f != nil {
		return *f
	}
	return FaultNone
}
