package profile

import (
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
)

func TestCheckOverlay(t *testing.T) {
	for _, c := range []struct {
		name    string
		overlay Overlay
		field   string
		code    action.ProblemCode
	}{
		{"nothing", Overlay{}, "", ""},
		{"everything", Overlay{Off: true, Port: 9000, CSS: "/home/pia/css", Goal: Goal{Of: "coins", Target: 5000, Title: "New PC"}}, "", ""},
		{"a counter", Overlay{Goal: Goal{Of: "counter:deaths"}}, "", ""},
		{"a port of the system's", Overlay{Port: 80}, "overlay.port", action.ProblemRange},
		{"no port", Overlay{Port: 65536}, "overlay.port", action.ProblemRange},
		{"less than no port", Overlay{Port: -1}, "overlay.port", action.ProblemRange},
		{"a folder of novel length", Overlay{CSS: strings.Repeat("x", maxPath+1)}, "overlay.css", action.ProblemTooLong},
		{"another goal", Overlay{Goal: Goal{Of: "fame"}}, "overlay.goal.of", action.ProblemUnknown},
		{"a counter without a name", Overlay{Goal: Goal{Of: "counter: "}}, "overlay.goal.of", action.ProblemMissing},
		{"a target below nothing", Overlay{Goal: Goal{Target: -1}}, "overlay.goal.target", action.ProblemRange},
		{"a title of novel length", Overlay{Goal: Goal{Title: strings.Repeat("x", maxShort+1)}}, "overlay.goal.title", action.ProblemTooLong},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Default()
			p.Overlay = c.overlay
			issues := p.Check()
			switch {
			case c.field == "" && len(issues) > 0:
				t.Errorf("got %+v", issues)
			case c.field != "" && (len(issues) != 1 || issues[0].Field != c.field || issues[0].Code != c.code):
				t.Errorf("got %+v, want %s %s", issues, c.field, c.code)
			}
		})
	}
}
