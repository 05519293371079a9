package overlay

import (
	"slices"
)

// Page is a page that can be added to OBS.
type Page struct {
	// Name is the last part of its address.
	Name string
	// Description says what it shows, in English.
	Description string
	// Address is where it is, without parameters.
	Address string
	// Params are the parameters of its own; CommonParams are understood by all.
	Params []Param
	// topics are what it hears of.
	topics []topic
}

// Param is a parameter in the address of a page.
type Param struct {
	Name string
	// Description says what it does, in English; Default is what holds without it.
	Description, Default string
}

// The pages' names.
const (
	PageAlert   = "alert"
	PageGifts   = "gifts"
	PageGoal    = "goal"
	PageTop     = "top"
	PageCounter = "counter"
	PageTimer   = "timer"
	PageChat    = "chat"
	PageQueue   = "queue"
)

// CommonParams are the parameters that every page understands.
func CommonParams() []Param {
	return []Param{
		{"size", "size of the text in pixels, 8 to 200", "32"},
		{"color", "colour of the text, such as white or ff0066", "white"},
		{"accent", "colour of names and numbers", "ffc53d"},
		{"outline", "colour of the outline", "almost black"},
		{"font", "a font of this computer", "the system's"},
		{"align", "left, center or right", "the page's"},
		{"theme", "card: on dark cards; plain: outlined text alone", "the page's"},
		{"lang", "language of the page's own words: en or de", "the browser's"},
		{"demo", "1 shows an example, to arrange the scene by", ""},
	}
}

// pages returns all pages, without addresses.
func pages() []Page {
	most := func(n string) Param { return Param{"max", "how many are shown, up to 20", n} }
	fade := Param{"fade", "after how many seconds one goes", "never"}
	title := Param{"title", "the title; an empty one takes it away", "a word of the page"}
	return []Page{
		{
			Name: PageAlert, Description: "Alerts of the rules, one after another", topics: []topic{topicAlert},
			Params: []Param{
				{"channel", "shows the alerts of that channel too", "those without a channel"},
				{"volume", "volume of the alerts' sounds in percent", "100"},
			},
		},
		{
			Name: PageGifts, Description: "The latest gifts", topics: []topic{topicGifts},
			Params: []Param{most("5"), fade},
		},
		{
			Name: PageGoal, Description: "A bar that fills towards a goal", topics: []topic{topicTotals, topicCounters, topicGoal},
			Params: []Param{
				{"of", "likes, coins, gifts, follows, or counter:NAME", "the profile's"},
				{"target", "the number to reach", "the profile's"},
				{"title", "what the goal is", "the profile's"},
			},
		},
		{
			Name: PageTop, Description: "Who has given the most coins in this stream", topics: []topic{topicTop},
			Params: []Param{most("5"), title},
		},
		{
			Name: PageCounter, Description: "A counter", topics: []topic{topicCounters},
			Params: []Param{{"name", "the counter", "the first"}, {"title", "what stands before the number", "the counter's name"}},
		},
		{
			Name: PageTimer, Description: "A countdown", topics: []topic{topicTimers},
			Params: []Param{
				{"name", "the timer", "the first"}, {"title", "what stands above the time", "none"}, {"done", "what is shown when it is over", "0:00"},
			},
		},
		{
			Name: PageChat, Description: "The latest comments", topics: []topic{topicChat},
			Params: []Param{most("8"), fade},
		},
		{
			Name: PageQueue, Description: "What viewers have triggered and what is still to be done", topics: []topic{topicQueue},
			Params: []Param{most("5"), title, {"lane", "a lane, such as rcon:minecraft, or all", "the game servers"}},
		},
	}
}

// find returns the page of that name.
func find(name string) (Page, bool) {
	all := pages()
	i := slices.IndexFunc(all, func(p Page) bool { return p.Name == name })
	if i < 0 {
		return Page{}, false
	}
	return all[i], true
}

// Pages returns all pages with the addresses that they have now.
func (s *Server) Pages() []Page {
	s.mu.Lock()
	base := "http://" + s.address + "/" + s.token + "/"
	s.mu.Unlock()
	all := pages()
	for i := range all {
		all[i].Address = base + all[i].Name
		all[i].topics = nil
	}
	return all
}

// Goal is what the goal page fills towards where its address does not say.
type Goal struct {
	// Of is likes, coins, gifts, follows, or "counter:" and a name.
	Of     string `json:"of"`
	Target int64  `json:"target"`
	Title  string `json:"title"`
}
