package overlay

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// hostile is what a viewer may call themselves to run something on the streamer's computer.
const hostile = `<img src=x onerror=document.title="pwned"><script>document.title="pwned"</script>`

func TestEachPageShowsWhatHappened(t *testing.T) {
	t.Parallel()
	st := begin(t, Options{})
	gifts, goal, top := st.open(PageGifts, ""), st.open(PageGoal, "of=coins&target=2000&title=Road"), st.open(PageTop, "")
	likes, follows := st.open(PageGoal, ""), st.open(PageGoal, "of=follows&target=4&title=")
	deaths, timer := st.open(PageCounter, "name=deaths&title=Deaths"), st.open(PageTimer, "name=show&title=Show&done=Over")
	comments, queue := st.open(PageChat, ""), st.open(PageQueue, "")
	alert := st.open(PageAlert, "")

	st.Take(gift("Pixel Pia", "Rose", 3, 1))
	st.Take(gift("testy_tom", "Galaxy", 1, 1000))
	st.Take(gift("Pixel Pia", "Rose", 2, 1))
	st.Take(event.Like{Head: event.Head{Room: "7"}, User: user("a"), Added: 5, Total: 500})
	st.Take(event.Follow{Head: event.Head{Room: "7"}, User: user("b")})
	st.Take(chat("أمل", "رائع 😂"))
	st.Take(chat("さくら", "かわいい！"))
	if err := st.board.SetCounter("deaths", 1234); err != nil {
		t.Fatal(err)
	}
	if err := st.board.ChangeTimer("show", action.TimerSet, time.Hour+62*time.Second); err != nil {
		t.Fatal(err)
	}
	st.SetQueue(Queue{
		Total: map[string]int{"rcon:minecraft": 12, "sound": 3},
		Jobs: []Waiting{
			{"1", "Pixel Pia", "A creeper", "rcon:minecraft", 1}, {"2", "testy_tom", "Beep", "sound", 1}, {"3", "testy_tom", "Chickens", "rcon:minecraft", 10},
		},
	})
	outcome := st.show(action.Overlay{Text: "{nickname} sent {count} x {gift}!", Image: "bundled:heart", Sound: "bundled:chime"})

	if outcome.State != action.Done || outcome.Reply != "shown on 1 page" {
		t.Errorf("the alert: %+v", outcome)
	}
	alert.shows("Pixel Pia sent 5 x Rose!")
	alert.until("document.querySelector('.alert-image').naturalWidth > 0")
	gifts.shows("testy_tom Galaxy ×1 1,000 Pixel Pia Rose ×5 5")
	goal.shows("Road 1,005 / 2,000 50 %")
	likes.shows("Likes 500 / 1,000 50 %")
	follows.shows("1 / 4 25 %")
	top.shows("Top gifters 1 testy_tom 1,000 2 Pixel Pia 5")
	deaths.shows("Deaths 1,234")
	timer.shows("Show 1:01:02")
	comments.shows("أمل رائع 😂 さくら かわいい！")
	queue.shows("Up next 12 waiting Pixel Pia A creeper testy_tom Chickens ×10")

	t.Run("the timer counts down by itself", func(t *testing.T) {
		if err := st.board.ChangeTimer("show", action.TimerStart, 0); err != nil {
			t.Fatal(err)
		}
		timer.shows("Show 1:01:01")
		if err := st.board.ChangeTimer("show", action.TimerSet, 700*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		timer.shows("Show 0:01")
		timer.shows("Show Over")
		if err := st.board.ChangeTimer("show", action.TimerAdd, time.Minute); err != nil {
			t.Fatal(err)
		}
		timer.shows("Show 1:00")
	})
	t.Run("a reload shows the same", func(t *testing.T) {
		for _, p := range []*tab{gifts, top, comments, queue, deaths, likes} {
			before := p.text()
			p.do("Page.reload", nil)
			p.until("'connected' in document.documentElement.dataset")
			p.shows(before)
		}
	})
	t.Run("a rehearsal is forgotten", func(t *testing.T) {
		st.Rehearse()
		gifts.shows("")
		st.Take(gift("Mona", "Doughnut", 1, 30))
		gifts.shows("Mona Doughnut ×1 30")
		st.EndRehearsal()
		gifts.shows("testy_tom Galaxy ×1 1,000 Pixel Pia Rose ×5 5")
		likes.shows("Likes 500 / 1,000 50 %")
	})
	t.Run("another stream begins anew", func(t *testing.T) {
		next := gift("Mona", "Rose", 1, 1)
		next.Room = "8"
		st.Take(next)
		gifts.shows("Mona Rose ×1 1")
		top.shows("Top gifters 1 Mona 1")
		comments.shows("")
	})
	t.Run("another goal in the profile", func(t *testing.T) {
		settings := st.settings
		settings.Goal = Goal{Of: "counter:deaths", Target: 2468, Title: "Fewer"}
		st.Configure(settings)
		likes.shows("Fewer 1,234 / 2,468 50 %")
	})
}

func TestWhatViewersWriteStaysText(t *testing.T) {
	t.Parallel()
	st := begin(t, Options{})
	tabs := map[string]*tab{}
	for _, p := range pages() {
		tabs[p.Name] = st.open(p.Name, "lane=all")
	}
	st.Take(gift(hostile[:40], hostile[40:], 1, 1))
	st.Take(chat(hostile[:40], hostile))
	if err := st.board.SetCounter(hostile, 1); err != nil {
		t.Fatal(err)
	}
	st.SetQueue(Queue{Total: map[string]int{"x": 1}, Jobs: []Waiting{{"1", hostile[:30], hostile[30:60], "x", 1}}})
	job := alertJob(action.Overlay{Text: "<b>{comment}</b>"})
	job.Fields.Comment = hostile
	if o, err := st.Do(t.Context(), job); err != nil || o.State != action.Done {
		t.Fatalf("%+v, %v", o, err)
	}
	for page, want := range map[string]string{
		PageAlert: "<b>" + hostile + "</b>", PageGifts: hostile[:40], PageTop: hostile[:40], PageChat: hostile, PageCounter: hostile, PageQueue: hostile[:30],
	} {
		tabs[page].until(fmt.Sprintf("document.body.textContent.includes(%q)", want))
		if n := tabs[page].eval("document.querySelectorAll('main script, main img:not([src*=media])').length"); n != 0.0 {
			t.Errorf("%s has %v elements that a viewer wrote", page, n)
		}
		if title := tabs[page].eval("document.title"); title != "LiveCue: "+page {
			t.Errorf("%s: a viewer's text was run: %v", page, title)
		}
	}
}

func TestPagesAreTransparent(t *testing.T) {
	t.Parallel()
	st := begin(t, Options{})
	st.Take(gift("Pixel Pia", "Rose", 1, 1))
	for _, name := range []string{PageAlert, PageGifts, PageGoal} {
		p := st.open(name, "")
		if name == PageGifts {
			p.until("document.querySelector('.gift')")
		}
		picture, err := png.Decode(bytes.NewReader(p.screenshot()))
		if err != nil {
			t.Fatal(err)
		}
		size := picture.Bounds().Size()
		if size.X != 640 || size.Y != 360 {
			t.Fatalf("%s is %v", name, size)
		}
		if _, _, _, a := picture.At(size.X-2, size.Y-2).RGBA(); a != 0 {
			t.Errorf("%s: a corner where nothing is has the alpha %d", name, a)
		}
	}
}

func TestAddressesAndCSSChangeTheLook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "all.css", ":root { --accent: rgb(1, 2, 3); --outline: rgb(4, 5, 6) }")
	write(t, dir, "gifts.css", ".gift { letter-spacing: 7px }")
	st := begin(t, Options{Settings: Settings{Styles: dir}})
	st.Take(gift("Pixel Pia", "Rose", 1, 1))
	p := st.open(PageGifts, "outline=00ff00&color=red;}body{display:none&size=48&font=DejaVu+Serif&align=right&theme=plain")
	p.until("document.querySelector('.gift')")
	for expression, want := range map[string]any{
		"getComputedStyle(document.querySelector('.value')).color":                        "rgb(1, 2, 3)",
		"getComputedStyle(document.documentElement).getPropertyValue('--outline').trim()": "#00ff00",
		"getComputedStyle(document.body).fontSize":                                        "48px",
		"getComputedStyle(document.body).color":                                           "rgb(255, 255, 255)",
		"getComputedStyle(document.body).display":                                         "block",
		"getComputedStyle(document.querySelector('.gift')).letterSpacing":                 "7px",
		"getComputedStyle(document.querySelector('.gift')).backgroundColor":               "rgba(0, 0, 0, 0)",
		"getComputedStyle(document.querySelector('.page')).alignItems":                    "flex-end",
		"getComputedStyle(document.body).fontFamily.startsWith('\"DejaVu Serif\"')":       true,
	} {
		if got := p.eval(expression); got != want {
			t.Errorf("%s is %v, want %v", expression, got, want)
		}
	}
}

func TestAPageFindsTheServerAgain(t *testing.T) {
	t.Parallel()
	st := begin(t, Options{TokenPath: t.TempDir() + "/token"})
	p := st.open(PageGifts, "")
	st.Take(gift("Pixel Pia", "Rose", 1, 1))
	p.shows("Pixel Pia Rose ×1 1")
	st.stop()
	p.until("!('connected' in document.documentElement.dataset)")
	p.shows("Pixel Pia Rose ×1 1")
	again := begin(t, Options{Settings: Settings{Port: portOf(st.Status().Address)}, TokenPath: st.opts.TokenPath})
	again.Take(gift("Mona", "Rose", 2, 1))
	p.shows("Mona Rose ×2 2")
}

func TestAlertsComeOneAfterAnother(t *testing.T) {
	t.Parallel()
	st := begin(t, Options{})
	p, boss := st.open(PageAlert, ""), st.open(PageAlert, "channel=boss")
	for i, animation := range []string{"pop", "slide", "fade", "shake"} {
		text := fmt.Sprint("alert ", i)
		o := st.show(action.Overlay{Text: text, Animation: animation, For: action.Duration(700 * time.Millisecond)})
		if o.State != action.Done || o.Reply != "shown on 2 pages" {
			t.Fatalf("%+v", o)
		}
		if n := p.eval("document.querySelectorAll('.alert-card').length"); n != 1.0 {
			t.Errorf("%v alerts are on screen", n)
		}
		p.shows(text)
		if got := p.eval("getComputedStyle(document.querySelector('.alert-card')).animationName"); got != animation && got != "fade" {
			t.Errorf("%s comes in by %v", text, got)
		}
	}
	if o := st.show(action.Overlay{Text: "for one", Channel: "boss", For: action.Duration(time.Minute)}); o.Reply != "shown on 1 page" {
		t.Errorf("an alert of a channel: %+v", o)
	}
	boss.shows("for one")
	p.shows("")
	boss.do("Page.reload", nil)
	boss.shows("for one")
	boss.until("document.querySelector('.alert-card').style.animationDelay.startsWith('-')")
	st.ClearAlerts()
	boss.shows("")
}

func TestFiftyEventsASecondStaySmooth(t *testing.T) {
	st := begin(t, Options{})
	tabs := []*tab{st.open(PageChat, "max=20"), st.open(PageGifts, "max=20"), st.open(PageTop, "max=20"), st.open(PageGoal, "of=gifts&target=1000")}
	p := tabs[0]
	p.do("Page.bringToFront", nil)
	frames := make(chan any, 1)
	go func() { // ends when the page has counted for two seconds
		frames <- p.eval(`new Promise((done) => {
			let n = 0, worst = 0, last = performance.now(), end = last + 2000;
			const frame = (now) => { n++; worst = Math.max(worst, now - last); last = now; now < end ? requestAnimationFrame(frame) : done([n, Math.round(worst)]); };
			requestAnimationFrame(frame);
		})`)
	}()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i := range 100 {
		<-tick.C
		st.Take(chat(fmt.Sprint("viewer ", i), strings.Repeat("words ", 10)))
		st.Take(gift(fmt.Sprint("viewer ", i), "Rose", 1, 1))
	}
	got, _ := (<-frames).([]any)
	t.Logf("frames in two seconds, and the longest pause in ms: %v", got)
	if len(got) != 2 || got[0].(float64) < 20 {
		t.Errorf("only %v frames were drawn", got)
	}
	p.until("document.body.innerText.includes('viewer 99')")
	if n := p.eval("document.querySelectorAll('.comment').length"); n != 20.0 {
		t.Errorf("%v comments are kept", n)
	}
	tabs[3].shows("Likes 100 / 1,000 10 %")
}

// TestDemo looks at the examples of all pages, and takes their pictures where LIVECUE_SCREENS names a folder for them.
func TestDemo(t *testing.T) {
	st := begin(t, Options{})
	b, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		page, query   string
		width, height int
	}{
		{PageAlert, "", 640, 340},
		{PageGifts, "", 480, 380},
		{PageGoal, "title=Road+to+10,000+likes", 640, 150},
		{PageTop, "", 480, 310},
		{PageCounter, "", 320, 100},
		{PageTimer, "title=The+show+goes+on", 400, 140},
		{PageChat, "", 520, 400},
		{PageQueue, "", 560, 300},
	} {
		p := b.open(t, st.addressOf(c.page)+"?demo=1&lang=en&"+c.query, c.width, c.height)
		p.until("document.getElementById('page').innerText.trim() && 'ready' in document.documentElement.dataset")
		p.until("document.getAnimations().every((a) => a.playState === 'finished' || a.effect.getTiming().iterations === Infinity)")
		if over := p.eval("document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.row, .card, .line, .alert-card')].some((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().bottom > innerHeight + 1)"); over != false {
			t.Errorf("%s is cut off at %d x %d", c.page, c.width, c.height)
		}
		p.save("overlay-" + c.page + ".png")
	}
}
