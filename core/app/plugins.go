package app

import (
	"fmt"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/plugin"
	"github.com/livecue/livecue/core/profile"
)

// openPlugins makes the set of plugins. They start with Start, as soon as the event socket listens.
func (a *App) openPlugins() {
	a.plugins = plugin.New(plugin.Options{Lend: a.outside.book.LendOnly, Log: a.log})
	a.outside.onPort = a.plugins.SetPort
	event.On(a.bus, func(event.Connected) { a.plugins.SetLive(true) })
	event.On(a.bus, func(event.Disconnected) { a.plugins.SetLive(false) })
	event.On(a.bus, func(event.LiveEnded) { a.plugins.SetLive(false) })
	event.On(a.bus, func(event.WaitingForLive) { a.plugins.SetLive(false) })
}

// applyPlugins brings the plugins in line with the profile.
func (a *App) applyPlugins(p profile.Profile) {
	specs := make([]plugin.Spec, len(p.Plugins))
	for i, one := range p.Plugins {
		specs[i] = plugin.Spec{
			Name: one.Name, Program: one.Program, Args: one.Args, Folder: one.Folder, Kinds: one.Events, MayTrigger: one.Trigger,
			WithLive: one.Start == profile.StartWithLive, Off: one.Off || one.Imported,
		}
	}
	a.plugins.Apply(specs)
}

// Plugins tells how the plugins stand, in the profile's order.
func (a *App) Plugins() []plugin.Status { return a.plugins.Status() }

// PluginLog returns at most limit of the last lines that a plugin has printed, the oldest first.
func (a *App) PluginLog(name string, limit int) []plugin.Line { return a.plugins.Log(name, limit) }

// RestartPlugin starts a plugin anew at once.
func (a *App) RestartPlugin(name string) error {
	if err := a.plugins.Restart(name); err != nil {
		return fmt.Errorf("restart the plugin: %w", err)
	}
	return nil
}
