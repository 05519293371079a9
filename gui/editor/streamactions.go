package editor

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/action/obs"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// overlay asks for an alert.
func (f *form) overlay(in *look.Fields, o *action.Overlay) {
	in.Add("overlay.text", lang.L("Text"), f.text(o.Text, 1, lang.L("{nickname} sent {count} x {gift}"), func(s string) { o.Text = s }))
	f.media(in, alertImage, lang.L("Picture"), o.Image, f.page.core.OverlayPictures(), pictures(), func(s string) { o.Image = s })
	f.media(in, alertSound, lang.L("Sound"), o.Sound, f.page.core.Sounds(), sounds(), func(s string) { o.Sound = s })
	animations := []string{"pop", "slide", "fade", "shake"}
	animation := pickOf(animations, "pop", o.Animation, words.Animation, func(s string) { o.Animation = s; f.changed() })
	in.Add("overlay.animation", lang.L("It comes in"), animation.Select)
	in.Add("overlay.for", lang.L("Seconds"), f.seconds(o.For, "5", func(d duration) { o.For = d }))
	in.Add("overlay.channel", lang.L("Channel"), f.line(o.Channel, lang.L("all alert pages"), func(s string) { o.Channel = s }))
	in.AddHint(lang.L("It shows on the alert page. Add that page to OBS under Overlays."))
}

// obs asks what OBS is to do. again builds the card anew: what is asked depends on it.
func (f *form) obs(in *look.Fields, o *action.OBS, again func()) {
	verbs := []action.OBSVerb{action.OBSScene, action.OBSSource, action.OBSFilter, action.OBSMedia, action.OBSText}
	do := look.NewPick(verbs, words.OBSVerb, func(v action.OBSVerb) {
		o.Do = v
		again()
		f.changed()
	})
	do.Set(o.Do)
	names := f.page.obs
	in.Add("obs.do", lang.L("OBS is to"), do.Select)
	source := func() {
		in.Add("obs.source", lang.L("Source"), f.known(o.Source, f.sources(o), func(s string) { o.Source = s }))
	}
	switch o.Do {
	case action.OBSScene:
		in.Add("obs.scene", lang.L("Scene"), f.known(o.Scene, names.Scenes, func(s string) { o.Scene = s }))
	case action.OBSSource:
		source()
		in.Add("obs.scene", lang.L("In the scene"), f.known(o.Scene, names.Scenes, func(s string) { o.Scene = s }))
	case action.OBSFilter:
		source()
		in.Add("obs.filter", lang.L("Filter"), f.known(o.Filter, names.Filters[o.Source], func(s string) { o.Filter = s }))
	case action.OBSText:
		source()
		in.Add("obs.text", lang.L("Text"), f.text(o.Text, 1, lang.L("Thank you, {nickname}!"), func(s string) { o.Text = s }))
	default:
		source()
	}
	if o.Do == action.OBSSource || o.Do == action.OBSFilter {
		positions := []action.Switch{action.SwitchOn, action.SwitchOff, action.SwitchToggle}
		in.Add("obs.switch", lang.L("Switch"), pickOf(positions, action.SwitchOn, o.Switch, words.Switch, func(s action.Switch) {
			o.Switch = s
			again()
			f.changed()
		}).Select)
	}
	if (o.Do == action.OBSSource || o.Do == action.OBSFilter) && o.Switch != action.SwitchToggle || o.Do == action.OBSScene {
		in.Add("obs.for", lang.L("Back after"), f.seconds(o.For, lang.L("never"), func(d duration) { o.For = d }))
	}
	ask := widget.NewButton(lang.L("Ask OBS for its names"), nil)
	ask.OnTapped = func() { f.askOBS(ask, again) }
	in.Add("obs.ask", "", container.NewHBox(ask))
}

// askOBS fetches the names of scenes and sources, so that they can be chosen instead of typed.
func (f *form) askOBS(button *widget.Button, again func()) {
	button.Disable()
	var names obs.Names
	f.page.host.Run(func(ctx context.Context) error {
		var err error
		names, err = f.page.core.OBSNames(ctx)
		return err
	}, func(err error) {
		button.Enable()
		if err != nil {
			f.page.host.Warn(words.Error(err))
			return
		}
		f.page.obs = names
		again()
		f.validate()
	})
}

// sources are the sources that an OBS action can be about, as far as OBS has been asked.
func (f *form) sources(o *action.OBS) []string {
	names := f.page.obs
	switch o.Do {
	case action.OBSText:
		return names.Texts
	case action.OBSMedia:
		return names.Media
	case action.OBSFilter:
		return slices.Sorted(maps.Keys(names.Filters))
	}
	if o.Scene != "" {
		return names.Sources[o.Scene]
	}
	all := slices.Concat(slices.Collect(maps.Values(names.Sources))...)
	slices.Sort(all)
	return slices.Compact(all)
}

// counter asks which counter is to change, and how.
func (f *form) counter(in *look.Fields, c *action.Counter) {
	in.Add("counter.name", lang.L("Counter"), f.known(c.Name, f.counterNames(), func(s string) { c.Name = s }))
	verbs := map[bool]string{false: lang.L("add"), true: lang.L("set to")}
	verb := look.NewPick([]bool{false, true}, func(set bool) string { return verbs[set] }, func(set bool) { c.Set = set; f.changed() })
	verb.Set(c.Set)
	amount := look.NewEntry()
	amount.SetPlaceHolder("1")
	if c.Amount != 0 {
		amount.SetText(strconv.FormatInt(c.Amount, 10))
	}
	amount.OnChanged = func(text string) { c.Amount = parseAmount(text); f.changed() }
	in.Add("counter.amount", lang.L("Amount"), container.New(look.Columns{Gap: 4, Cols: []look.Column{{}, {Weight: 1}}}, verb.Select, amount))
	f.perCoin(in, &c.PerCoin)
	in.AddHint(lang.L("A number below 0 takes away. The counter page of the overlays shows it."))
}

// perCoin asks whether an amount is meant for each coin, where there can be coins.
func (f *form) perCoin(in *look.Fields, perCoin *bool) {
	if !f.isGift() && !*perCoin {
		return
	}
	check := widget.NewCheck(lang.L("for each coin of the gifts"), func(on bool) { *perCoin = on; f.changed() })
	check.Checked = *perCoin
	in.Add("per_coin", "", check)
}

// timer asks which countdown is to change, and how.
func (f *form) timer(in *look.Fields, t *action.Timer, again func()) {
	in.Add("timer.name", lang.L("Timer"), f.known(t.Name, f.timerNames(), func(s string) { t.Name = s }))
	// taking away is a verb of its own to a user
	const less action.TimerVerb = "less"
	verbs := []action.TimerVerb{action.TimerAdd, less, action.TimerSet, action.TimerStart, action.TimerPause}
	shown := t.Do
	if t.Do == action.TimerAdd && t.Less {
		shown = less
	}
	do := look.NewPick(verbs, func(v action.TimerVerb) string { return words.TimerVerb(v, v == less) }, func(v action.TimerVerb) {
		t.Do, t.Less = v, v == less
		if t.Less {
			t.Do = action.TimerAdd
		}
		again()
		f.changed()
	})
	do.Set(shown)
	in.Add("timer.do", lang.L("It is to"), do.Select)
	if t.Do == action.TimerAdd || t.Do == action.TimerSet {
		in.Add("timer.time", lang.L("Seconds"), f.seconds(t.Time, "0", func(d duration) { t.Time = d }))
		f.perCoin(in, &t.PerCoin)
	}
	in.AddHint(lang.L("The timer page of the overlays shows it. It survives a restart of LiveCue."))
}

// counterNames are the counters that rules name.
func (f *form) counterNames() []string {
	return f.namesOf(func(s action.Spec) string {
		if s.Counter == nil {
			return ""
		}
		return s.Counter.Name
	})
}

// timerNames are the timers that rules name.
func (f *form) timerNames() []string {
	return f.namesOf(func(s action.Spec) string {
		if s.Timer == nil {
			return ""
		}
		return s.Timer.Name
	})
}

// namesOf gathers what the profile's rules name, in their order.
func (f *form) namesOf(name func(action.Spec) string) []string {
	var all []string
	for _, r := range f.profile.Rules {
		eachSpec(r.Actions, func(s action.Spec) {
			if n := name(s); n != "" && !slices.Contains(all, n) {
				all = append(all, n)
			}
		})
	}
	return all
}

// eachSpec calls visit for all actions, those inside pools too.
func eachSpec(specs []action.Spec, visit func(action.Spec)) {
	for _, s := range specs {
		visit(s)
		if s.Pool == nil {
			continue
		}
		for _, c := range s.Pool.Choices {
			eachSpec(c.Actions, visit)
		}
	}
}
