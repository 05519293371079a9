package library

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/atomicfile"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

// Choices are the user's, about an import.
type Choices struct {
	// Name is what the profile is called here; empty is its own name, with a number where there is one of that name.
	Name string
	// Trust keeps the profile as it is: for the user's own, from another computer.
	Trust bool
	// HasSecret reports whether a password is kept under a key; nil says that there may be one under each.
	HasSecret func(key string) bool
}

// Import adds a previewed profile to the library, with its files in a folder of its own. Unless it is trusted, plugins, and rules that run programs
// or send requests, come switched off, settings that could give something away are left out, and a server with the name of one whose
// password is kept here gets another name, so that the password does not go to its address.
func (l *Library) Import(v *Preview, c Choices) (Entry, []Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id, im, err := l.prepare(v, c)
	if err != nil {
		return Entry{}, nil, err
	}
	entry, err := l.saveImport(id, im)
	if err != nil {
		return Entry{}, nil, err
	}
	return entry, im.changes, nil
}

// PlanImport tells what Import would call the profile and make different. It changes nothing.
func (l *Library) PlanImport(v *Preview, c Choices) (name string, changes []Change, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, im, err := l.prepare(v, c)
	if err != nil {
		return "", nil, err
	}
	return im.profile.Name, im.changes, nil
}

// prepare makes a previewed profile fit for this computer, and finds an id for it. The lock is held.
func (l *Library) prepare(v *Preview, c Choices) (id string, im *importer, err error) {
	all, err := l.List()
	if err != nil {
		return "", nil, err
	}
	im = &importer{profile: v.Profile.Clone(), preview: v}
	if im.profile.Name, err = importName(all, v.Profile.Name, c.Name); err != nil {
		return "", nil, err
	}
	id = l.newID(im.profile.Name)
	im.folder = filepath.Join(l.data, id)
	if !c.Trust {
		im.switchOff()
		im.stopPlugins()
		im.clearSettings()
		im.renameServers(l.servers(all), c.HasSecret)
	}
	im.placeFiles(c.Trust)
	return id, im, nil
}

// importName returns the name that an imported profile gets: the one that was chosen, or its own with a number where need be.
func importName(all []Entry, own, chosen string) (string, error) {
	if chosen != "" {
		return checkName(all, chosen, "")
	}
	own = strings.TrimSpace(own)
	if own == "" {
		own = "Imported"
	}
	name, err := checkName(all, own, "")
	for n := 2; errors.Is(err, ErrName) && n < maxProfiles+2; n++ {
		name, err = checkName(all, fmt.Sprintf("%s %d", own, n), "")
	}
	if errors.Is(err, ErrName) { // its own name is none at all
		return importName(all, "Imported", "")
	}
	return name, err
}

// saveImport writes the files, then the profile that names them; all of it or nothing.
func (l *Library) saveImport(id string, im *importer) (e Entry, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(im.folder)) // it is new, and nobody else's
		}
	}()
	if err := im.writeFiles(); err != nil {
		return Entry{}, err
	}
	return l.save(id, im.profile)
}

// writeFiles keeps the sounds and pictures.
func (im *importer) writeFiles() error {
	for name, data := range im.files {
		if err := atomicfile.Write(filepath.Join(im.folder, name), data, filePerm); err != nil {
			return fmt.Errorf("keep the file %q: %w", name, err)
		}
	}
	return nil
}

// server is a game server that some profile has.
type server struct{ name, address string }

// servers returns those of all profiles.
func (l *Library) servers(all []Entry) []server {
	var known []server
	for _, e := range all {
		p, err := profile.Load(e.Path)
		if err != nil {
			continue // one that cannot be read has no password to give away until it can
		}
		for _, s := range p.RCON {
			known = append(known, server{s.Name, s.Address})
		}
	}
	return known
}

// importer makes someone else's profile fit for this computer.
type importer struct {
	profile profile.Profile
	preview *Preview
	folder  string
	files   map[string][]byte
	changes []Change
}

func (im *importer) tell(ruleName string, kind ChangeKind, args ...string) {
	im.changes = append(im.changes, Change{Rule: ruleName, Kind: kind, Args: args, Text: kind.text(args)})
}

// switchOff switches rules off that reach beyond the game and the stream.
func (im *importer) switchOff() {
	found := risky(im.profile.Rules)
	for i := range im.profile.Rules {
		r := &im.profile.Rules[i]
		if found[r.ID] {
			r.Off = true
			im.tell(r.Name, ChangedOff)
		}
	}
}

// stopPlugins marks the programs that would be started by themselves: they wait for the user's word.
func (im *importer) stopPlugins() {
	for i := range im.profile.Plugins {
		p := &im.profile.Plugins[i]
		p.Off, p.Imported = true, true
		im.tell("", ChangedPlugin, p.Name, p.Program)
	}
}

func (im *importer) clearSettings() {
	for _, s := range im.preview.Settings {
		im.tell("", ChangedSetting, s.Field, s.Value)
	}
	t := &im.profile.TikTok
	t.SignerURL, t.EulerURL, t.ProxyURL, t.ProxyInsecure = "", "", "", false
	im.profile.OBS.Address, im.profile.Overlay.CSS = "", ""
}

// renameServers gives servers another name whose own would bring them a password of the user's. One that is at the same address as the
// user's is the same server. What is compared is the variable of the environment, in which several names are one.
func (im *importer) renameServers(known []server, hasSecret func(string) bool) {
	key := func(name string) string { return profile.EnvName(profile.KeyRCON(name)) }
	isTaken := func(name, address string) bool {
		if slices.ContainsFunc(known, func(s server) bool { return key(s.name) == key(name) && s.address != address }) {
			return true
		}
		isKnown := slices.ContainsFunc(known, func(s server) bool { return s.name == name })
		return !isKnown && (hasSecret == nil || hasSecret(profile.KeyRCON(name)))
	}
	for i := range im.profile.RCON {
		s := &im.profile.RCON[i]
		if !isTaken(s.Name, s.Address) {
			continue
		}
		isUsed := func(name string) bool {
			own := slices.ContainsFunc(im.profile.RCON, func(o profile.Server) bool { return key(o.Name) == key(name) })
			other := slices.ContainsFunc(known, func(o server) bool { return key(o.name) == key(name) })
			return own || other || hasSecret != nil && hasSecret(profile.KeyRCON(name))
		}
		from := s.Name
		s.Name = unique(shortName(from)+" imported", isUsed)
		im.renameServer(from, s.Name)
		im.tell("", ChangedServer, from, s.Address, s.Name)
	}
}

// shortName leaves room in a server's name for more.
func shortName(name string) string {
	const most = 100
	if len(name) > most {
		return strings.ToValidUTF8(name[:most], "")
	}
	return name
}

func (im *importer) renameServer(from, to string) {
	lane := func(server string) string { return action.Spec{RCON: &action.RCON{Server: server}}.Lane() }
	for i := range im.profile.Rules {
		renameLane(im.profile.Rules[i].Conditions, lane(from), lane(to))
		action.Each(im.profile.Rules[i].Actions, func(s *action.Spec) {
			if s.RCON != nil && s.RCON.Server == from {
				s.RCON.Server = to
			}
		})
	}
}

func renameLane(conditions []rule.Condition, from, to string) {
	for i := range conditions {
		if conditions[i].Lane == from {
			conditions[i].Lane = to
		}
		renameLane(conditions[i].Conditions, from, to)
	}
}

// placeFiles lets the profile name its files where they will be. Those that do not come with it are named there too: a path of someone
// else's may lead to another computer, which would learn who asks for it.
func (im *importer) placeFiles(isTrusted bool) {
	im.files = map[string][]byte{}
	placed := map[string]string{}
	taken := map[string]bool{}
	eachFile(&im.profile, func(r *rule.Rule, file *string) {
		data, isHere := im.preview.content(*file)
		switch to := placed[*file]; {
		case to != "":
			*file = to
		case isHere:
			name := mediaName(*file, func(n string) bool { return taken[fold(n)] })
			im.files[name], taken[fold(name)] = data, true
			placed[*file] = filepath.Join(im.folder, name)
			*file = placed[*file]
		case !isTrusted:
			im.tell(r.Name, ChangedFile, baseName(*file))
			*file = filepath.Join(im.folder, "missing", mediaName(*file, func(string) bool { return false }))
		}
	})
}
