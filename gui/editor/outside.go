package editor

import (
	"context"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/speech"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// speech asks what is to be read aloud.
func (f *form) speech(in *look.Fields, s *action.Speech) {
	in.Add("speech.text", lang.L("Text"), f.text(s.Text, 2, lang.L("Thank you, {nickname}!"), func(t string) { s.Text = t }))
	rate := number(s.Rate, func(n int) { s.Rate = n; f.changed() })
	rate.SetPlaceHolder(lang.L("as in the settings"))
	in.Add("speech.voice", lang.L("Voice"), f.voice(s))
	in.Add("speech.rate", lang.L("Speed in %"), rate)
	listen := widget.NewButtonWithIcon(lang.L("Listen"), theme.MediaPlayIcon(), nil)
	listen.OnTapped = func() { f.hear(listen, *s) }
	in.Add("speech.listen", "", container.NewHBox(listen))
}

// voice is a choice of the system's voices, for which it is asked in the background the first time.
func (f *form) voice(s *action.Speech) fyne.CanvasObject {
	page := f.page
	name := func(id string) string { return page.voices.Name(id, lang.L("as in the settings")) }
	pick := look.NewPick(page.voices.IDs(), name, func(id string) { s.Voice = id; f.changed() })
	pick.Set(s.Voice)
	note := look.NewHint("")
	note.Hide()
	if len(page.voices) == 0 {
		var found []speech.Voice
		page.host.Run(func(ctx context.Context) (err error) {
			found, err = page.core.Voices(ctx)
			return err
		}, func(err error) {
			if err != nil {
				look.SetText(note, words.Error(err), widget.WarningImportance)
				note.Show()
				return
			}
			page.voices = words.Voices(found).OwnFirst()
			pick.Offer(page.voices.IDs(), name)
			pick.Set(s.Voice)
		})
	}
	return container.NewVBox(pick.Select, note)
}

// hear reads the text aloud as the rule's made-up viewer would set it off. The button rests until it is over.
func (f *form) hear(button *widget.Button, s action.Speech) {
	var fields action.Fields
	made := rule.Rule{ID: f.rule.ID, Name: f.rule.Name, Trigger: f.rule.Trigger, Actions: []action.Spec{{Speech: &s}}}
	if jobs, _, err := f.page.core.DryRun(made, rule.TestChoice{}); err == nil && len(jobs) > 0 {
		fields = jobs[0].Fields
	}
	button.Disable()
	f.page.host.Run(func(ctx context.Context) error { return f.page.core.PreviewSpeech(ctx, s, fields) }, func(err error) {
		button.Enable()
		if err != nil {
			f.page.host.Warn(words.Error(err))
		}
	})
}

// run asks which rule's actions are to be done.
func (f *form) run(in *look.Fields, r *action.Run) {
	var ids []string
	names := map[string]string{"": lang.L("Choose a rule")}
	for _, other := range f.profile.Rules {
		names[other.ID] = words.Clean(other.Name, 60)
		if other.ID != f.rule.ID {
			ids = append(ids, other.ID)
		}
	}
	name := func(id string) string {
		if n, ok := names[id]; ok {
			return n
		}
		return id
	}
	pick := look.NewPick(ids, name, func(id string) { r.Rule = id; f.changed() })
	pick.Set(r.Rule)
	in.Add("run.rule", lang.L("Rule"), pick.Select)
	in.AddHint(lang.L("Its actions are done, whatever it waits for and whatever its conditions say."))
}

// web asks for a request to a web address.
func (f *form) web(in *look.Fields, h *action.HTTP) {
	in.AddHint(lang.L("This sends what you enter, and what you insert of viewers, to that address on the internet or in your network."))
	in.Add("http.url", lang.L("Address"), f.text(h.URL, 1, "https://example.com/gift?from={user}", func(s string) { h.URL = s }))
	in.Add("http.method", lang.L("Method"), pickOf([]string{"", "GET", "POST", "PUT", "PATCH", "DELETE"}, "", h.Method, words.Method, func(s string) {
		h.Method = s
		f.changed()
	}).Select)
	headers := look.NewMultiLine(2)
	headers.SetPlaceHolder("Authorization: Bearer …")
	headers.SetText(headerText(h.Headers))
	headers.OnChanged = func(s string) { h.Headers = parseHeaders(s); f.changed() }
	in.Add("http.headers", lang.L("Headers"), headers)
	in.Add("http.body", lang.L("JSON body"), f.text(h.Body, 2, `{"who": "{nickname}", "coins": {coins}}`, func(s string) { h.Body = s }))
	in.Add("http.timeout", lang.L("Give up after"), f.seconds(h.Timeout, "10", func(d duration) { h.Timeout = d }))
	retry := widget.NewCheck(lang.L("send it again when no answer came"), func(on bool) { h.Retry = on; f.changed() })
	retry.Checked = h.Retry
	in.Add("http.retry", "", retry)
}

// headerText writes headers as lines, in the order of their names.
func headerText(headers map[string]string) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		lines = append(lines, name+": "+headers[name])
	}
	return strings.Join(lines, "\n")
}

// parseHeaders reads them. A line without a colon becomes a header without a value, which a check may refuse.
func parseHeaders(text string) map[string]string {
	headers := map[string]string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	if len(headers) == 0 {
		return nil
	}
	return headers
}

// program asks for a program and its arguments. again builds the card anew.
func (f *form) program(in *look.Fields, p *action.Program, again func()) {
	in.AddHint(lang.L("This starts a program on your computer with all that you may do yourself. Only enter one that you know."))
	in.Add("program.path", lang.L("Program"), f.file(p.Path, nil, func(s string) { p.Path = s }))
	rows := container.NewVBox()
	for i, arg := range p.Args {
		remove := plain(theme.DeleteIcon(), func() {
			p.Args = slices.Delete(p.Args, i, i+1)
			again()
			f.changed()
		})
		entry := f.text(arg, 1, "", func(s string) { p.Args[i] = s })
		rows.Add(container.NewBorder(nil, nil, nil, remove, entry))
	}
	add := widget.NewButtonWithIcon(lang.L("Add argument"), theme.ContentAddIcon(), func() {
		p.Args = append(p.Args, "")
		again()
		f.changed()
	})
	rows.Add(container.NewHBox(add))
	in.Add("program.args", lang.L("Arguments"), rows)
	in.AddHint(lang.L("What a viewer wrote must be an argument of its own, such as {comment}, and nothing else in it."))
	in.Add("program.timeout", lang.L("End it after"), f.seconds(p.Timeout, "30", func(d duration) { p.Timeout = d }))
}

// isGift reports whether the rule is about gifts, and so about coins.
func (f *form) isGift() bool {
	k := f.rule.Trigger.Kind
	return k == rule.OnGift || k == rule.OnAnyGift
}
