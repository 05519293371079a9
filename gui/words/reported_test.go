package words

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/core/action/rcon"
	"github.com/livecue/livecue/core/action/sound"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/store"
)

// reported has what core says of a lane, a job and the program's health, and a piece of what the user is told in German. An
// empty piece says that the text is somebody else's and passes through.
func reported() map[string]string {
	said := map[string]string{
		"log in: " + rcon.ErrPassword.Error():                      "lehnt aber das Passwort ab",
		rcon.ErrUnreachable.Error() + ": dial tcp: refused":        "nicht erreichbar",
		"log in: " + rcon.ErrSilent.Error():                        "antwortet nicht",
		rcon.ErrProtocol.Error() + ": malformed packet":            "RCON",
		rcon.ErrAddress.Error() + `: "x": host or port is missing`: "Doppelpunkt",
		"log in: " + obs.ErrPassword.Error():                       "OBS ist da, lehnt aber",
		obs.ErrNoPassword.Error():                                  "LiveCue hat keins",
		obs.ErrUnreachable.Error() + ": dial tcp: refused":         "Starte OBS",
		obs.ErrSilent.Error() + ": context deadline exceeded":      "antwortet aber nicht rechtzeitig",
		rcon.ErrTooLong.Error() + ": it has 2000 bytes":            "zu lang",
		rcon.ErrNoCommand.Error():                                  "keinen Befehl",
		rcon.ErrViewerCommand.Error() + `: "{comment}"`:            "Zuschauer",
		rcon.ErrNotRCON.Error():                                    "Ein Sound kann nicht",
		rcon.ErrClosed.Error():                                     "geändert oder entfernt",
		sound.ErrNoDevice.Error() + ": LiveCue is closing":         "Lautsprecher",
		sound.ErrStopped.Error():                                   "gestoppt",
		queue.ErrFull.Error():                                      "voll",
		noSoundPrefix + " loudspeakers or headphones.":             "Lautsprecher",
		overPhrase:                            "Die Probe war vorbei",
		noServerPrefix + `"sky \"block\""`:    `sky "block" mehr`,
		noServers:                             "noch kein Spielserver",
		noSoundInJob:                          "Wähl einen Sound",
		internalPrefix + "index out of range": "Fehler gemacht: index out of range",
		notNoted + "claim the job: database is full":                                "Das Journal kann nicht geschrieben werden, darum wartet",
		notNoted + store.ErrCorrupt.Error():                                         "beschädigt",
		passwordPrefix + "open secrets.toml: denied":                                "Passwort des Servers",
		passwordPrefix + (&profile.KeyringError{Err: errors.New("locked")}).Error(): "Schlüsselbund",
		`decode sound "bundled:coin": context canceled`:                             "unterbrochen",
		"wait for the connection: context deadline exceeded":                        "zu lange",
		"Unknown or incomplete command":                                             "",
		"sound and fury":                                                            "",
		`sound "half`:                                                               "",
	}
	for reason, want := range map[sound.Reason]string{
		sound.NotFound: "nicht mehr da", sound.NoSuchSound: "mitgelieferten", sound.NotAFile: "keine Datei", sound.Unreadable: "nicht lesen",
		sound.Empty: "ist kein Ton", sound.TooLarge: "zu lang", sound.TooLong: "zu lang", sound.NotASound: "nicht abspielen",
		sound.Unsupported: "nicht abspielen", sound.Damaged: "beschädigt", sound.TooSlow: "zu lang",
	} {
		said[(&sound.FileError{File: `C:\a "b".wav`, Reason: reason, Err: errors.New("cause")}).Error()] = want
	}
	return said
}

func TestWhatCoreReportsIsSaidInGerman(t *testing.T) {
	useLanguage(t, "de_DE.UTF-8")
	for text, want := range reported() {
		got := Reported(text)
		if want == "" && got != text || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q in it", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"The journal cannot be written: gifts are acted upon":         "Das Journal kann nicht geschrieben werden; vielleicht",
		damagedPrefix + "/data/livecue.db.damaged":                    "Was darin wartete, liegt in /data/livecue.db.damaged",
		malformed + "WebcastGiftMessage: no gift":                     "konnte nicht gelesen werden (WebcastGiftMessage: no gift)",
		shelfPrefix + "disk is full":                                  "bleibt im Arbeitsspeicher: Es wird",
		noServers:                                                     "noch kein Spielserver",
		portPrefix + "8747" + portTaken + "127.0.0.1:8748, and those": "hat Port 8747, deshalb sind die Overlays vorerst unter 127.0.0.1:8748.",
	} {
		if got := Problem(text); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q in it", text, got, want)
		}
		if got, want := IsJournalProblem(text), strings.HasPrefix(text, "The journal"); got != want {
			t.Errorf("%q is of the journal: %v", text, got)
		}
		if got, want := IsDiskProblem(text), strings.Contains(text, "cannot be written") || strings.HasPrefix(text, shelfPrefix); got != want {
			t.Errorf("%q is of the disk: %v", text, got)
		}
	}
}

// What core says only as text may change there, and nobody would notice that the window no longer knows it.
func TestCoreStillSaysWhatTheWindowKnows(t *testing.T) {
	var code strings.Builder
	err := filepath.WalkDir("../../core", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		code.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, phrase := range []string{
		noSoundPrefix, portPrefix + "%d" + portTaken, keyringPhrase, journalPhrase, damagedPrefix, shelfPrefix, malformed, overPhrase, noServerPrefix, noServers, noSoundInJob,
		internalPrefix, notNoted, passwordPrefix, soundPrefix,
	} {
		if !strings.Contains(code.String(), `"`+phrase) && !strings.Contains(code.String(), fmt.Sprintf("(%q", phrase)) {
			t.Errorf("nothing in core says %q any more", phrase)
		}
	}
}

// useLanguage makes the words be of a language until the test is over.
func useLanguage(t *testing.T, locale string) {
	t.Helper()
	load := func() {
		if err := Load(assets.Translations()); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(load) // after the environment is as it was
	t.Setenv("LANG", locale)
	load()
}
