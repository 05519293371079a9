package gui

import (
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/look/looktest"
)

func onConnections(t *testing.T, prepare func(*fakeCore)) *rig {
	t.Helper()
	return newRig(t, func(c *fakeCore, o *Options) {
		o.Page = PageConnections
		if prepare != nil {
			prepare(c)
		}
	})
}

func TestAddServer(t *testing.T) {
	r := onConnections(t, func(c *fakeCore) { c.profile.RCON = nil })
	r.mustShow("No server yet.")
	r.press("Add server")
	password := looktest.All[*look.Entry](r.top())[2]
	if !password.Password {
		t.Fatal("the password is shown")
	}
	looktest.Entry(t, r.top(), "for example minecraft").SetText("survival")
	looktest.Entry(t, r.top(), "127.0.0.1:25575").SetText("192.0.2.7")
	password.SetText("wrong")
	r.press("Test connection")
	r.untilShows("The server is there, but refused the password.")
	password.SetText("right")
	r.press("Test connection")
	r.untilShows("It works: the server accepted the password and answers.")
	r.press("Save")
	r.untilShows("192.0.2.7:25575 · password in the keyring")
	if got := r.core.Profile().RCON; len(got) != 1 || got[0].Name != "survival" || got[0].Address != "192.0.2.7:25575" {
		t.Errorf("servers = %+v", got)
	}
	if !r.core.HasSecret(profile.KeyRCON("survival")) {
		t.Error("the password is not kept")
	}
	r.mustNotShow("right")
}

func TestKeptPasswordIsNeverShown(t *testing.T) {
	r := onConnections(t, func(c *fakeCore) { c.secrets[profile.KeyRCON("minecraft")] = "right" })
	r.untilShows("password in the keyring")
	r.press("Test connection")
	r.untilShows("It works")
	r.w.connections.servers.edit(0)
	r.mustShow("Edit server")
	r.mustNotShow("right")
	looktest.Entry(t, r.top(), "kept; type another to replace it")
}

func TestServerThatIsNotThereIsSaidWithRemedy(t *testing.T) {
	r := onConnections(t, func(c *fakeCore) { c.profile.RCON[0].Address = "nowhere:25575" })
	r.press("Test connection")
	r.untilShows("Is it running, with enable-rcon=true in server.properties")
}

func TestServerFormRefusesWhatCannotWork(t *testing.T) {
	r := onConnections(t, nil)
	r.press("Add server")
	name, address := looktest.Entry(t, r.top(), "for example minecraft"), looktest.Entry(t, r.top(), "127.0.0.1:25575")
	tests := []struct{ name, address, want string }{
		{"", "127.0.0.1", "Give the server a name"},
		{"minecraft", "127.0.0.1", "There is a server of that name already."},
		{"new", "two words", "The address must be"},
		{"new", "host:99999", "The address must be"},
		{"new", "http://host", "The address must be"},
	}
	for _, tt := range tests {
		name.SetText(tt.name)
		address.SetText(tt.address)
		r.mustShow(tt.want)
		if !looktest.Button(t, r.top(), "Save").Disabled() {
			t.Errorf("%q at %q can be saved", tt.name, tt.address)
		}
	}
	address.SetText("[::1]:25576")
	if looktest.Button(t, r.top(), "Save").Disabled() {
		t.Errorf("a good server cannot be saved: %s", looktest.Texts(r.top()))
	}
}

func TestRenamedServerIsFollowedByItsRulesAndPassword(t *testing.T) {
	r := onConnections(t, func(c *fakeCore) {
		c.secrets[profile.KeyRCON("minecraft")] = "right"
		c.profile.Rules[0].Actions[0].RCON.Server = "minecraft"
	})
	r.untilShows("password in the keyring")
	r.w.connections.servers.edit(0)
	entries := looktest.All[*look.Entry](r.top())
	entries[0].SetText("lobby")
	r.mustShow("The password is kept under the old name: type it once more.")
	entries[2].SetText("right")
	r.press("Save")
	r.until("the old password to be forgotten", func() bool { return !r.core.HasSecret(profile.KeyRCON("minecraft")) })
	p := r.core.Profile()
	if p.RCON[0].Name != "lobby" || p.Rules[0].Actions[0].RCON.Server != "lobby" || !r.core.HasSecret(profile.KeyRCON("lobby")) {
		t.Errorf("server %q, rule's %q", p.RCON[0].Name, p.Rules[0].Actions[0].RCON.Server)
	}
}

func TestSecretsInAFileAreSaidToBeThere(t *testing.T) {
	const place = "/home/pia/livecue-secrets.toml"
	r := onConnections(t, func(c *fakeCore) {
		c.place = place
		c.secrets[profile.KeyRCON("minecraft")], c.secrets[profile.KeyTikTok()] = "right", "key"
	})
	r.untilShows("password in the file for secrets")
	r.w.connections.tiktok.object.(*widget.Accordion).OpenAll()
	r.mustShow("A key is kept in the file " + place)
	r.w.connections.tiktok.forgetKey()
	r.untilShows("It is kept in the file " + place)
	r.w.connections.servers.edit(0)
	r.mustShow("The password goes into the file " + place)
	r.mustNotShow("keyring")
}

func TestDeleteServerAsks(t *testing.T) {
	r := onConnections(t, nil)
	r.w.connections.servers.askRemove(r.core.Profile().RCON[0])
	r.press("Keep")
	if len(r.core.Profile().RCON) != 1 {
		t.Fatal("deleted although the user keeps it")
	}
	r.w.connections.servers.askRemove(r.core.Profile().RCON[0])
	r.press("Delete")
	if len(r.core.Profile().RCON) != 0 {
		t.Fatal("not deleted")
	}
	r.mustShow("No server yet.")
}

func TestAdvancedSettings(t *testing.T) {
	r := onConnections(t, nil)
	f := r.w.connections.tiktok
	if !f.save.Disabled() {
		t.Error("nothing has changed and can be saved")
	}
	f.signer.SetText("ftp://sign.example.com")
	if !f.save.Disabled() || f.problem.Text == "" {
		t.Error("an address that cannot work can be saved")
	}
	f.signer.SetText("https://sign.example.com")
	f.proxy.SetText("http://127.0.0.1:8080")
	f.door.SetSelectedIndex(1)
	f.key.SetText("secret-key")
	if f.save.Disabled() {
		t.Fatalf("good settings cannot be saved: %s", f.problem.Text)
	}
	test.Tap(f.save)
	r.untilShows("Saved.")
	got := r.core.Profile().TikTok
	if got.SignerURL != "https://sign.example.com" || got.ProxyURL != "http://127.0.0.1:8080" || got.Door != profile.DoorDirect {
		t.Errorf("saved %+v", got)
	}
	if !r.core.HasSecret(profile.KeyTikTok()) || f.key.Text != "" {
		t.Error("the key is not kept, or still shown")
	}
	test.Tap(f.forget)
	r.until("the key to be forgotten", func() bool { return !r.core.HasSecret(profile.KeyTikTok()) })
}

func TestServerLimits(t *testing.T) {
	r := onConnections(t, func(c *fakeCore) { c.profile.RCON[0].PerMinute = 600 })
	r.w.connections.servers.edit(0)
	entries := looktest.All[*look.Entry](r.top())
	minute, viewer := entries[3], entries[4]
	if minute.Text != "600" || viewer.Text != "" || viewer.PlaceHolder != "no limit" {
		t.Fatalf("shown as %q and %q", minute.Text, viewer.Text)
	}
	for _, text := range []string{"-1", "many", "1.5", "10001", "99999999999999999999"} {
		viewer.SetText(text)
		r.mustShow("A limit is a whole number up to 10\u202f000.")
		if !looktest.Button(t, r.top(), "Save").Disabled() {
			t.Errorf("%q can be saved", text)
		}
	}
	minute.SetText("")
	viewer.SetText(" 30 ")
	r.press("Save")
	if s := r.core.Profile().RCON[0]; s.PerMinute != 0 || s.PerViewer != 30 {
		t.Errorf("kept %+v", s)
	}
}
