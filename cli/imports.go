package cli

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/catalog"
	"github.com/livecue/livecue/core/mca"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/profile/library"
)

// importProfile shows what a file holds, and adds it to the profiles only when the user says so.
func importProfile(e env, flags *flag.FlagSet, args []string) error {
	isWanted := flags.Bool("yes", false, "add it; without, it is only shown")
	isTrusted := flags.Bool("trust", false, "keep it as it is, with programs and web addresses: for your own")
	name := flags.String("name", "", "what it is called here; the default is its own `name`")
	return e.withLibrary(flags, args, 1, func(l *library.Library, words []string) error {
		f, err := os.Open(words[0])
		if err != nil {
			return fmt.Errorf("import a profile: %w", err)
		}
		defer func() { _ = f.Close() }()
		v, err := library.PreviewImport(f)
		if err != nil {
			return fmt.Errorf("import %s: %w", words[0], err)
		}
		if !*isWanted {
			e.showPreview(v)
			fmt.Fprintln(e.out, "Nothing was added. To add it: livecue profile import --yes FILE")
			return nil
		}
		p, changes, err := l.Import(v, library.Choices{Name: *name, Trust: *isTrusted})
		for _, c := range changes {
			fmt.Fprintf(e.out, "%s%s\n", ruleWord(c.Rule), c.Text)
		}
		return e.added(p, err)
	})
}

func (e env) showPreview(v *library.Preview) {
	p := v.Profile
	fmt.Fprintf(e.out, "%q for @%s: %d rules, %d game servers\n", p.Name, p.TikTok.Handle, len(p.Rules), len(p.RCON))
	for _, s := range p.RCON {
		fmt.Fprintf(e.out, "server: %q at %q\n", s.Name, s.Address)
	}
	for _, f := range v.Files {
		fmt.Fprintf(e.out, "file: %q, %d KB\n", f.Name, (f.Size+1023)/1024)
	}
	for _, m := range v.Missing {
		fmt.Fprintf(e.out, "file that does not come with it: %q\n", m)
	}
	for _, s := range v.Settings {
		fmt.Fprintf(e.out, "setting: %s = %q: %s\n", s.Field, s.Value, s.Reason)
	}
	for _, d := range v.Commands {
		fmt.Fprintf(e.out, "command: %s%q\n", ruleWord(d.RuleName), d.What)
	}
	for _, d := range v.Programs {
		fmt.Fprintf(e.out, "PROGRAM: %s%q\n", ruleWord(d.RuleName), d.What)
	}
	for _, d := range v.Requests {
		fmt.Fprintf(e.out, "WEB ADDRESS: %s%q\n", ruleWord(d.RuleName), d.What)
	}
	for _, i := range v.Issues {
		fmt.Fprintf(e.out, "%s: %s%q\n", i.Severity, ruleWord(i.RuleName), i.Text)
	}
	for _, name := range v.Ignored {
		fmt.Fprintf(e.out, "not LiveCue's: %q\n", name)
	}
}

// importMCA shows which rules a file of Tiktok2Mc becomes, and makes a profile of them only when the user names one.
func importMCA(e env, flags *flag.FlagSet, args []string) error {
	name := flags.String("new", "", "the `name` of the profile to make of it; without, it is only shown")
	isAlerts := flags.Bool("alerts", false, "show >> texts on the overlay pages instead of in the game")
	return e.withLibrary(flags, args, 1, func(l *library.Library, words []string) error {
		text, err := readText(words[0])
		if err != nil {
			return fmt.Errorf("import %s: %w", words[0], err)
		}
		gifts, err := catalog.Open("", assets.GiftsCSV)
		if err != nil {
			return err
		}
		got := mca.Read(text, mca.Options{Gifts: gifts.List(), Alerts: *isAlerts})
		for _, p := range got.Problems {
			kind := "note"
			if p.Lost {
				kind = "NOT TAKEN"
			}
			fmt.Fprintf(e.out, "%s:%d: %s: %s: %q\n", words[0], p.Line, kind, p.Reason, p.Text)
		}
		fmt.Fprintf(e.out, "%d rules do %d of %d commands.\n", len(got.Rules), got.Taken, got.Commands)
		if *name == "" {
			fmt.Fprintln(e.out, "Nothing was added. To make a profile of it: livecue profile import-mca --new NAME FILE")
			return nil
		}
		p := profile.Default()
		p.Rules = got.Rules
		return e.added(l.Create(*name, p))
	})
}

// readText reads a file, or its beginning where it is far too large to be one.
func readText(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, mca.MaxFile+1))
	return string(data), err
}
