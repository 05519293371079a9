package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/livecue/livecue/core/atomicfile"
	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/core/profile"
)

func runReport(_ context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	out := flags.String("out", "livecue-report.zip", "`file` to write")
	profileFlag := flags.String("profile", "", "profile `file`; the default is the one in the system's folder for settings")
	secrets := flags.String("secrets", "", "`file` with passwords and keys, so that they can be hidden")
	log := addLogFlag(flags)
	if _, err := e.parse(flags, args, 0); err != nil {
		return err
	}
	if err := saveReport(*out, *profileFlag, *secrets, *log); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "The report is in %s. Passwords, keys, your name and addresses are left out; viewers' names may be in it.\n", *out)
	return nil
}

// saveReport writes the report to the file out; the others are as the flags --profile, --secrets and --log have them. It may
// take as long as a keyring takes to answer.
func saveReport(out, profileFlag, secretsFlag, logFlag string) error {
	report, err := newReport(profileFlag, secretsFlag, logFlag)
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	if err := report.Write(&archive); err != nil {
		return err
	}
	if err := atomicfile.Write(out, archive.Bytes(), 0o600); err != nil {
		return fmt.Errorf("save the report: %w", err)
	}
	return nil
}

// newReport reads the profile and its secrets, so that the report hides them. It may take as long as a keyring takes to answer.
func newReport(profileFlag, secretsFlag, logFlag string) (logbook.Report, error) {
	path, err := profilePath(profileFlag)
	if err != nil {
		return logbook.Report{}, err
	}
	data, err := dataDir()
	if err != nil {
		return logbook.Report{}, err
	}
	mask := &logbook.Mask{}
	return logbook.Report{
		Version: version(),
		Profile: reportedProfile(path, profile.OpenSecrets(profile.SecretsOptions{File: secretsFlag}), mask),
		Dir:     data,
		LogFile: logFile(logFlag, data),
		Mask:    mask,
	}, nil
}

// reportedProfile returns the profile at path, and has mask hide its secrets, its streamer and its servers, in it and in all
// else. A file that cannot be read is left out, as nobody knows what is in it.
func reportedProfile(path string, secrets profile.Secrets, mask *logbook.Mask) string {
	p, err := profile.Load(path)
	notes := hideSecrets(p, secrets, mask)
	if err != nil {
		return fmt.Sprintf("%s# there is no profile: %v\n", notes, err)
	}
	p.Name = "" // often the streamer's own
	hideStreamer(p.TikTok.Handle, mask)
	for _, s := range p.RCON {
		hideHost(s.Address, mask)
	}
	for _, address := range []string{p.TikTok.SignerURL, p.TikTok.EulerURL, p.TikTok.ProxyURL} {
		hideURL(address, mask)
	}
	text, err := written(p)
	if err != nil {
		return fmt.Sprintf("%s# the profile cannot be shown: %v\n", notes, err)
	}
	return notes + text
}

// hideSecrets has mask hide what is kept for the profile, and returns what could not be asked for, as comments.
func hideSecrets(p profile.Profile, secrets profile.Secrets, mask *logbook.Mask) (notes string) {
	keys := []string{profile.KeyTikTok()}
	for _, s := range p.RCON {
		keys = append(keys, profile.KeyRCON(s.Name))
	}
	for _, key := range keys {
		value, err := secrets.Get(key)
		mask.Redact(value)
		if err != nil && !errors.Is(err, profile.ErrNoSecret) {
			notes += fmt.Sprintf("# %q was not found, and is hidden only where the log knew it: %v\n", key, err)
		}
		if unreachable := (*profile.KeyringError)(nil); errors.As(err, &unreachable) {
			break // the next would be as long in coming
		}
	}
	return notes
}

// hideStreamer hides the name in a handle, which may be an address: in small letters as well, as TikTok has it.
func hideStreamer(handle string, mask *logbook.Mask) {
	name := handle[strings.LastIndexByte(handle, '@')+1:]
	name, _, _ = strings.Cut(name, "/")
	mask.Redact(name)
	mask.Redact(strings.ToLower(name))
}

// hideURL hides the host of an address, or all of one that is malformed.
func hideURL(address string, mask *logbook.Mask) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		mask.Redact(address)
		return
	}
	hideHost(u.Host, mask)
}

// hideHost hides the host of host:port, unless it is this computer, which tells a helper much and others nothing.
func hideHost(address string, mask *logbook.Mask) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if ip, err := netip.ParseAddr(host); (err == nil && ip.IsLoopback()) || strings.EqualFold(host, "localhost") {
		return
	}
	mask.Redact(host)
	mask.Redact(strings.ToLower(host))
}

// written returns p as its file would be, without the comments that a user may have put into it.
func written(p profile.Profile) (text string, err error) {
	dir, err := os.MkdirTemp("", "livecue-report")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "profile.toml")
	if err := profile.Save(path, p); err != nil {
		return "", err
	}
	data, err := os.ReadFile(path)
	return string(data), err
}
