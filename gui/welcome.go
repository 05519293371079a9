package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/assets"
	"github.com/livecue/livecue/gui/look"
)

// newWelcome is the page of the first run: a rehearsal at the press of one button, or straight to the streamer's name.
func newWelcome(onRehearse func(), onConnect func(name string)) (fyne.CanvasObject, *nameForm) {
	picture := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	picture.FillMode = canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSquareSize(64))
	title := look.NewTitle(lang.L("Welcome to LiveCue"))
	slogan := look.NewProse(lang.L("Your viewers send gifts, follow and chat. LiveCue turns it into Minecraft commands and sounds, at once."))
	head := container.NewBorder(nil, nil, picture, nil, container.NewVBox(title, slogan))

	start := widget.NewButtonWithIcon(lang.L("Start the rehearsal"), theme.MediaPlayIcon(), onRehearse)
	start.Importance = widget.HighImportance
	try := look.NewCard(container.NewBorder(
		container.NewVBox(
			look.NewHeading(lang.L("See it work first")),
			look.NewProse(lang.L("A stream with made-up viewers plays on this computer. Gifts come in, rules fire, commands go to a practice game server, and you hear the sounds. No account and no Minecraft needed.")),
		), look.Inset(start), nil, nil))

	form := newNameForm(onConnect)
	live := look.NewCard(container.NewBorder(
		container.NewVBox(
			look.NewHeading(lang.L("Connect your stream")),
			look.NewProse(lang.L("Type your TikTok name. LiveCue waits for your stream and connects by itself as soon as you are live. It never asks for your TikTok password.")),
		), look.Inset(form.object), nil, nil))

	steps := look.Fold(620,
		step("gift", lang.L("1. Something happens"), lang.L("A gift, a follow, likes, a chat command")),
		step("rule", lang.L("2. A rule fires"), lang.L("You say what each gift sets off")),
		step("command", lang.L("3. Your game reacts"), lang.L("Commands and sounds, and you see each result")),
	)
	page := container.NewVBox(look.Gap(0, 16), head, look.Gap(0, 12), look.Fold(620, try, live), look.Gap(0, 18), steps, layout.NewSpacer())
	return container.NewVScroll(look.Narrow(980, page)), form
}

func step(icon, title, text string) fyne.CanvasObject {
	picture := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(26), widget.NewIcon(look.IconIn(icon, theme.ColorNamePrimary))))
	strong := look.NewProse(title)
	strong.TextStyle.Bold = true
	return container.NewBorder(nil, nil, picture, nil, look.NewCompact(container.NewVBox(strong, look.NewHint(text))))
}
