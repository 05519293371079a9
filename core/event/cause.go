package event

// CauseCode classifies why a connection could not be made or held, for decisions and for translation.
type CauseCode string

// The causes that a source tells apart. Each has a remedy of its own.
const (
	// CauseNone is a connection that ended because the user asked for it.
	CauseNone          CauseCode = ""
	CauseUnknownUser   CauseCode = "unknown_user"
	CauseNotLive       CauseCode = "not_live"
	CauseLiveEnded     CauseCode = "live_ended"
	CauseRateLimited   CauseCode = "rate_limited"
	CauseKeyRefused    CauseCode = "key_refused"
	CauseBlocked       CauseCode = "blocked"
	CauseAgeRestricted CauseCode = "age_restricted"
	CauseNoNetwork     CauseCode = "no_network"
	// CauseNoTikFinity is a TikFinity that is to pass events on and is not there.
	CauseNoTikFinity CauseCode = "no_tikfinity"
	CauseCertificate CauseCode = "certificate"
	// CauseSilence is a socket that stayed open and said nothing.
	CauseSilence CauseCode = "silence"
	// CauseClosed is a socket that the other side closed.
	CauseClosed CauseCode = "closed"
	// CauseService is a signer or managed socket that failed on its own side.
	CauseService CauseCode = "service"
	// CauseSettings is a setting that cannot work, such as a malformed address.
	CauseSettings CauseCode = "settings"
	// CauseRemoved is a room that its host or server threw us out of, CauseDuplicate one that someone else joined as us: to come
	// back at once would be a quarrel.
	CauseRemoved   CauseCode = "removed"
	CauseDuplicate CauseCode = "duplicate_identity"
	// CauseProtocol is an answer that could not be understood.
	CauseProtocol CauseCode = "protocol"
)

// Cause is why a connection could not be made or held.
type Cause struct {
	Code CauseCode
	// Text says it in English as cause and remedy, without secrets.
	Text string
}
