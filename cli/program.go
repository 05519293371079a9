package cli

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/livecue/livecue/core/action/sound/speaker"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/store"
)

// programFlags are those that every way to run the program has.
type programFlags struct {
	profile   *string
	secrets   *string
	rehearsal *string
	speed     *float64
	verbose   *bool
	log       *string
}

func addProgramFlags(flags *flag.FlagSet) programFlags {
	return programFlags{
		profile:   flags.String("profile", "", "profile `file`; the default is the profile used last"),
		secrets:   flags.String("secrets", "", "`file` for passwords and keys, in place of the system's keyring"),
		rehearsal: flags.String("rehearsal", "", "`script` to rehearse with: "+strings.Join(rehearsal.Scripts(), ", ")+", or a file"),
		speed:     flags.Float64("speed", 1, "how many times as fast as real time a rehearsal is"),
		verbose:   flags.Bool("verbose", false, "log what happens"),
		log:       addLogFlag(flags),
	}
}

// program is an app with what is known of its profile.
type program struct {
	*app.App
	// isFirstRun says that there was no profile.
	isFirstRun bool
	// journal is the file of the journal, or "" where nothing is kept.
	journal string
}

// newProgram builds the app that the flags ask for; starter is the profile where there is none yet. The error is a
// *profile.FileError for a profile that cannot be read, and a *library.UnreadableError, with its backups, where it is one of the library.
func newProgram(f programFlags, starter profile.Profile, book *logbook.Book) (*program, error) {
	log := book.Logger()
	profiles, err := openLibrary()
	if err != nil {
		return nil, err
	}
	p, path, isThere, err := loadProfile(*f.profile, profiles, starter)
	if err != nil {
		return nil, err
	}
	data, err := dataDir()
	if err != nil {
		return nil, err
	}
	opts := app.Options{
		Profile:     p,
		ProfilePath: path,
		Library:     profiles,
		GiftsPath:   filepath.Join(data, "gifts.json"),
		StorePath:   filepath.Join(data, "livecue.db"),
		Secrets:     profile.OpenSecrets(profile.SecretsOptions{File: *f.secrets}),
		OnSecret:    book.Redact,
		Device:      &speaker.Speaker{Log: log},
		Speed:       *f.speed,
		Log:         log,
	}
	a, err := app.New(opts)
	if errors.Is(err, store.ErrInUse) && *f.rehearsal != "" {
		opts.StorePath = "" // beside a LiveCue that is live one may rehearse: nothing of it is kept anyway
		a, err = app.New(opts)
	}
	if err != nil {
		return nil, err
	}
	log.Info("livecue starts", "version", version(), "go", runtime.Version(), "os", runtime.GOOS, "arch", runtime.GOARCH)
	return &program{App: a, isFirstRun: !isThere, journal: opts.StorePath}, nil
}

// dataDir is the folder for what the program keeps by itself, whichever profile it runs with: the system's for such things.
func dataDir() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" && filepath.IsAbs(dir) {
		return filepath.Join(dir, "livecue"), nil
	}
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("LocalAppData"); dir != "" {
			return filepath.Join(dir, "livecue"), nil
		}
	case "darwin":
	default:
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the folder for data: %w", err)
		}
		return filepath.Join(home, ".local", "share", "livecue"), nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for data: %w", err)
	}
	return filepath.Join(dir, "livecue"), nil
}
