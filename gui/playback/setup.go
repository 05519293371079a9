package playback

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/store"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// extension is that of recordings.
const extension = ".jsonl"

// Ask asks how a stream is to be played again. name is what it is called.
func (b *Bar) Ask(s store.Session) {
	name := words.Clean(s.Title, textLength)
	if name == "" {
		name = "@" + words.Clean(s.Handle, textLength)
	}
	b.ask(app.Replay{Session: s.ID}, name+", "+words.Date(s.Begun)+" "+words.TimeOfDay(s.Begun))
}

// AskFile lets the user open a recording, and asks how to play it.
func (b *Bar) AskFile() {
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			b.host.Warn(words.Error(err))
			return
		}
		if file == nil {
			return // cancelled
		}
		path, name := file.URI().Path(), file.URI().Name()
		b.host.Run(func(context.Context) error { return file.Close() }, func(error) {
			b.ask(app.Replay{File: path}, words.Clean(name, textLength))
		})
	}, b.host.Window)
	d.SetTitleText(lang.L("Open recording"))
	d.SetFilter(storage.NewExtensionFileFilter([]string{extension}))
	d.Resize(look.FileDialogSize(b.host.Window))
	d.Show()
}

// ask asks whether the rules may act, how fast, and where to.
func (b *Bar) ask(r app.Replay, name string) {
	dry := lang.L("Without effects: only see what would happen")
	wet := lang.L("With effects: let the rules act")
	hint := look.NewHint("")
	servers := []string{""}
	for _, s := range b.core.Profile().RCON {
		servers = append(servers, s.Name)
	}
	server := look.NewPick(servers, serverName, func(name string) { r.Server = name })
	server.Set("")
	speed := look.NewPick(speeds(), speedName, func(v float64) { r.Speed = v })
	r.Speed = 1
	speed.Set(r.Speed)
	how := widget.NewRadioGroup([]string{dry, wet}, nil)
	how.Required = true
	how.OnChanged = func(text string) {
		r.WithEffects = text == wet
		look.SetEnabled(server.Select, r.WithEffects)
		look.SetText(hint, effects(r.WithEffects), widget.LowImportance)
	}
	how.SetSelected(dry)
	fields := look.NewFields()
	fields.Add("speed", lang.L("Speed"), speed.Select)
	fields.Add("server", lang.L("Game commands go to"), server.Select)
	content := container.NewVBox(look.NewStrong(name), how, look.AtMost(66, hint), fields.Object)
	look.AskFor(lang.L("Replay through today's rules"), content, lang.L("Replay"), lang.X("leave a dialog", "Cancel"), func() { b.confirm(r) }, b.host.Window)
}

func serverName(name string) string {
	if name == "" {
		return lang.L("the servers that the rules name")
	}
	return words.Clean(name, 40)
}

// effects says what a replay does.
func effects(with bool) string {
	if with {
		return lang.L("Commands go to your game, sounds are played, OBS and overlays change. Requests to other computers, programs and counters are held back. It is not counted in the statistics.")
	}
	return lang.L("Nothing reaches your game, OBS or your speakers. The feed shows what happened, marked as a replay, and which rules would have fired.")
}

// confirm asks once more where viewers' commands would happen again.
func (b *Bar) confirm(r app.Replay) {
	if !r.WithEffects {
		b.makeWay(r)
		return
	}
	look.Ask(look.Question{
		Title: lang.L("Let everything happen again?"),
		Text:  lang.L("All that viewers set off in this stream happens once more in your game, now, although nobody gives anything for it. You can end it at any time at the top of the window."),
		Yes:   lang.L("Let it happen"), No: lang.X("leave a dialog", "Cancel"), Danger: true, OnYes: func() { b.makeWay(r) },
	}, b.host.Window)
}

// makeWay begins when nothing stands in the way that must not be mixed with a replay.
func (b *Bar) makeWay(r app.Replay) {
	status := b.core.Status()
	switch {
	case b.core.Rehearsal() != "":
		b.afterEnding(r, lang.L("End the rehearsal?"), lang.L("A rehearsal plays. It ends before the replay begins."), lang.L("End it and replay"), b.core.StopRehearsal)
	case isLive(status.State):
		look.Ask(look.Question{
			Title: lang.L("You are live"),
			Text:  lang.L("A replay must not get between you and your viewers. When your stream is over, press Disconnect, and then replay."),
			Yes:   lang.L("All right"),
		}, b.host.Window)
	case isWaiting(status.State):
		text := lang.L("LiveCue waits for your stream. For a replay it stops waiting: press Connect again before you go live.")
		b.afterEnding(r, lang.L("Stop waiting for your stream?"), text, lang.L("Disconnect and replay"), b.core.Disconnect)
	default:
		b.begin(r)
	}
}

func isLive(s source.State) bool {
	return s == source.Connected || s == source.Reconnecting
}

func isWaiting(s source.State) bool {
	return s == source.Connecting || s == source.WaitingForLive || s == source.RateLimited
}

// afterEnding asks whether what stands in the way may be ended, ends it, and begins.
func (b *Bar) afterEnding(r app.Replay, title, text, yes string, end func()) {
	look.Ask(look.Question{
		Title: title, Text: text, Yes: yes, No: lang.X("leave a dialog", "Cancel"),
		OnYes: func() {
			b.host.Run(func(context.Context) error { end(); return nil }, func(error) { b.begin(r) })
		},
	}, b.host.Window)
}

// AskSave asks whether names are to be in the recording of a stream, and where to save it.
func (b *Bar) AskSave(s store.Session) {
	made := lang.L("With made-up names: to pass it on")
	real := lang.L("With the real names: for yourself")
	choice := widget.NewRadioGroup([]string{made, real}, nil)
	choice.Required = true
	choice.SetSelected(made)
	hint := look.NewHint(lang.L("A recording is a file with all that happened, one thing a line. What viewers wrote stays in it in both cases."))
	look.AskFor(lang.L("Save recording"), container.NewVBox(choice, hint), lang.L("Choose a file …"), lang.X("leave a dialog", "Cancel"), func() {
		b.askTarget(s, choice.Selected == made)
	}, b.host.Window)
}

func (b *Bar) askTarget(s store.Session, isAnonymous bool) {
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil {
			b.host.Warn(words.Error(err))
			return
		}
		if file == nil {
			return // cancelled
		}
		b.save(s.ID, file, isAnonymous)
	}, b.host.Window)
	d.SetTitleText(lang.L("Save recording"))
	d.SetFileName("livecue-" + s.Begun.Local().Format("2006-01-02-1504") + extension)
	d.SetFilter(storage.NewExtensionFileFilter([]string{extension}))
	d.Resize(look.FileDialogSize(b.host.Window))
	d.Show()
}

// save writes the recording in place of the empty file that the dialog has made.
func (b *Bar) save(session int64, file fyne.URIWriteCloser, isAnonymous bool) {
	path := file.URI().Path()
	b.host.Say(lang.L("The recording is being written."))
	b.host.Run(func(ctx context.Context) error {
		err := file.Close()
		if err == nil {
			err = b.core.SaveRecording(ctx, session, path, isAnonymous)
		}
		if err != nil {
			_ = storage.Delete(file.URI()) // the error is told; an empty file would pass for a recording
		}
		return err
	}, func(err error) {
		if err != nil {
			b.host.Warn(lang.L("The recording was not saved: {{.Detail}}", map[string]any{"Detail": words.Error(err)}))
			return
		}
		b.host.Say(lang.L("Saved as {{.Path}}.", map[string]any{"Path": path}))
	})
}
