package cli

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
)

// theLibrary returns the user's profiles, and where the only one was in programs before there were several.
func theLibrary() (l *library.Library, old string, err error) {
	old, err = profile.DefaultPath()
	if err != nil {
		return nil, "", err
	}
	data, err := dataDir()
	if err != nil {
		return nil, "", err
	}
	return library.New(library.Options{Dir: filepath.Dir(old), Data: data}), old, nil
}

// openLibrary returns the user's profiles, among them the one of programs before there were several.
func openLibrary() (*library.Library, error) {
	l, old, err := theLibrary()
	if err != nil {
		return nil, err
	}
	return l, l.Adopt(old)
}

// profilePath is the file that a flag names, or that of the profile used last. It changes nothing.
func profilePath(flag string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	l, old, err := theLibrary()
	if err != nil {
		return "", err
	}
	e, isThere, err := l.Last()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(old); !isThere && err == nil {
		return old, nil
	}
	return e.Path, nil
}

// loadProfile returns the profile to begin with and its file: the one at path, where it is not empty, or that of the library used last.
// Where there is none yet, isThere is false and the profile is starter.
func loadProfile(path string, l *library.Library, starter profile.Profile) (p profile.Profile, file string, isThere bool, err error) {
	if path != "" {
		p, err := profile.Load(path)
		return p, path, true, err
	}
	e, isThere, err := l.Last()
	switch {
	case err != nil:
		return profile.Profile{}, "", false, err
	case e.Problem != nil:
		return profile.Profile{}, "", true, l.Unreadable(e)
	case !isThere:
		p = starter
	default:
		if p, err = profile.Load(e.Path); err != nil {
			return profile.Profile{}, "", true, err
		}
	}
	if !e.IsLast {
		_ = l.SetLast(e.ID) // a folder that cannot be written to is no reason not to start; saving tells of it
	}
	return p, e.Path, isThere, nil
}

// withLibrary parses args, which must be as many as want, and hands the library to do.
func (e env) withLibrary(flags *flag.FlagSet, args []string, want int, do func(l *library.Library, words []string) error) error {
	words, err := e.parse(flags, args, want)
	if err != nil {
		return err
	}
	l, err := openLibrary()
	if err != nil {
		return err
	}
	return do(l, words)
}

func listProfiles(e env, flags *flag.FlagSet, args []string) error {
	return e.withLibrary(flags, args, 0, func(l *library.Library, _ []string) error {
		all, err := l.List()
		if err != nil {
			return err
		}
		for _, p := range all {
			mark := " "
			if p.IsLast {
				mark = "*"
			}
			what := fmt.Sprintf("%d rules", p.Rules)
			if p.Problem != nil {
				what = "cannot be read: " + p.Problem.Error()
			}
			fmt.Fprintf(e.out, "%s %s  (%s.toml)  %s\n", mark, p.Name, p.ID, what)
		}
		deleted, err := l.Deleted()
		for _, id := range deleted {
			fmt.Fprintf(e.out, "  %s  deleted, with backups\n", id)
		}
		return err
	})
}

func useProfile(e env, flags *flag.FlagSet, args []string) error {
	return e.withLibrary(flags, args, 1, func(l *library.Library, words []string) error {
		p, err := l.Find(words[0])
		if err != nil {
			return err
		}
		if p.Problem != nil {
			return l.Unreadable(p)
		}
		if err := l.SetLast(p.ID); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "LiveCue starts with %q the next time.\n", p.Name)
		return nil
	})
}

func newProfile(e env, flags *flag.FlagSet, args []string) error {
	return e.withLibrary(flags, args, 1, func(l *library.Library, words []string) error {
		return e.added(l.Create(words[0], profile.Default()))
	})
}

func duplicateProfile(e env, flags *flag.FlagSet, args []string) error {
	return e.withLibrary(flags, args, 2, func(l *library.Library, words []string) error {
		return e.added(l.Duplicate(words[0], words[1]))
	})
}

// added tells of a new profile.
func (e env) added(p library.Entry, err error) error {
	if err == nil {
		fmt.Fprintf(e.out, "%q is in %s.\n", p.Name, p.Path)
	}
	return err
}

func renameProfile(e env, flags *flag.FlagSet, args []string) error {
	return e.withLibrary(flags, args, 2, func(l *library.Library, words []string) error {
		return e.added(l.Rename(words[0], words[1]))
	})
}

func deleteProfile(e env, flags *flag.FlagSet, args []string) error {
	return e.withLibrary(flags, args, 1, func(l *library.Library, words []string) error {
		p, err := l.Find(words[0])
		if err != nil {
			return err
		}
		if err := l.Delete(p.ID); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%q is deleted. It is among its backups: livecue profile backups %q\n", p.Name, p.ID)
		return nil
	})
}

func listBackups(e env, flags *flag.FlagSet, args []string) error {
	return e.withLibrary(flags, args, 1, func(l *library.Library, words []string) error {
		all, err := l.Backups(words[0])
		for _, b := range all {
			fmt.Fprintf(e.out, "%s  %s  %d KB\n", b.Name, b.At.Local().Format("2006-01-02 15:04:05"), (b.Size+1023)/1024)
		}
		return err
	})
}

func restoreBackup(e env, flags *flag.FlagSet, args []string) error {
	return e.withLibrary(flags, args, 2, func(l *library.Library, words []string) error {
		return e.added(l.RestoreBackup(words[0], words[1]))
	})
}

// exportProfile writes a file that is not there yet: it would be a pity about another one.
func exportProfile(e env, flags *flag.FlagSet, args []string) error {
	secretsFile := flags.String("secrets", "", "`file` with passwords and keys, so that they can be hidden")
	isWithPlugins := flags.Bool("plugins", false, "keep the plugins: programs that may run on the other computer")
	return e.withLibrary(flags, args, 2, func(l *library.Library, words []string) error {
		p, err := l.Find(words[0])
		if err != nil {
			return err
		}
		var with []library.With
		if *isWithPlugins {
			with = append(with, library.WithPlugins)
		}
		if p.Problem != nil {
			return l.Unreadable(p)
		}
		f, err := os.OpenFile(words[1], os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there already", words[1])
		}
		if err != nil {
			return fmt.Errorf("export the profile: %w", err)
		}
		done, err := l.Export(p.ID, f, keptSecrets(p.Path, *secretsFile), with...)
		if err := errors.Join(err, f.Close()); err != nil {
			return errors.Join(err, os.Remove(words[1]))
		}
		for _, o := range done.LeftOut {
			fmt.Fprintf(e.out, "left out: %s%s: %s\n", ruleWord(o.Rule), o.What, o.Reason)
		}
		fmt.Fprintf(e.out, "%s holds %q with %d files.\n", words[1], p.Name, done.Files)
		return nil
	})
}

// keptSecrets are the passwords and keys of the profile at path, as far as they can be read.
func keptSecrets(path, secretsFile string) []string {
	p, err := profile.Load(path)
	if err != nil {
		return nil // then there is no export either
	}
	store := profile.OpenSecrets(profile.SecretsOptions{File: secretsFile})
	keys := []string{profile.KeyTikTok(), profile.KeyOBS()}
	for _, s := range p.RCON {
		keys = append(keys, profile.KeyRCON(s.Name))
	}
	var values []string
	for _, key := range keys {
		if value, err := store.Get(key); err == nil {
			values = append(values, value)
		}
	}
	return values
}

// ruleWord begins a line about a rule.
func ruleWord(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("rule %q: ", strings.TrimSpace(name))
}
