package cli

import (
	"errors"
	"flag"
	"path/filepath"

	"github.com/livecue/livecue/core/logbook"
)

// logOff is the value of --log that leaves no file.
const logOff = "off"

func addLogFlag(flags *flag.FlagSet) *string {
	return flags.String("log", "", "log `file`, or "+logOff+"; the default is "+logbook.FileName+" in the system's folder for data")
}

// logFile is the file that --log names, the default, or "" for none.
func logFile(flag, data string) string {
	switch flag {
	case "":
		return filepath.Join(data, logbook.FileName)
	case logOff:
		return ""
	default:
		return flag
	}
}

// withLog opens the log that the flags ask for, and closes it when run is done.
func (e env) withLog(f programFlags, run func(*logbook.Book) error) error {
	data, err := dataDir()
	if err != nil {
		return err
	}
	book := logbook.Open(logbook.Options{
		Dir: data, File: logFile(*f.log, data), Screen: e.err, IsVerbose: *f.verbose,
	})
	return errors.Join(run(book), book.Close())
}
