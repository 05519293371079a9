package diagnose

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/logbook"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

const (
	// lineHeight is fixed, so that the list need not measure its rows.
	lineHeight = 24
	// lineLength is how much of a line is shown, in graphemes.
	lineLength = 260
)

// logView is the newest lines of the log.
type logView struct {
	recent func() []logbook.Line
	host   look.Host
	folder string
	open   func(string) error

	level  *widget.Select
	list   *newest[logbook.Line]
	copy   *widget.Button
	empty  *widget.Label
	object fyne.CanvasObject
}

// levels are in the order of the choice: the least that is shown.
func levels() []slog.Level { return []slog.Level{slog.LevelDebug, slog.LevelWarn, slog.LevelError} }

func newLog(o Options) *logView {
	v := &logView{recent: o.Recent, host: o.Host, folder: o.LogDir, open: o.OpenFolder, empty: look.NewProse(lang.L("There is nothing of that kind."))}
	if v.recent == nil {
		v.recent = func() []logbook.Line { return nil }
	}
	isSame := func(a, b logbook.Line) bool { return a == b }
	v.list = newNewest(lineHeight, isSame, func() rowOf[logbook.Line] { return newLogRow() }, v.show)
	v.list.list.HideSeparators = true
	v.level = widget.NewSelect([]string{lang.L("All lines"), lang.L("Warnings and errors"), lang.L("Errors only")}, nil)
	v.level.SetSelectedIndex(0)
	v.level.OnChanged = func(string) { v.list.replace(v.lines()); v.showEmpty() }
	v.copy = widget.NewButtonWithIcon(lang.L("Copy"), theme.ContentCopyIcon(), v.copyAll)
	folder := widget.NewButtonWithIcon(lang.L("Open log folder"), theme.FolderOpenIcon(), v.openFolder)
	look.SetShown(folder, v.folder != "" && v.open != nil)
	v.empty.Alignment, v.empty.Importance = fyne.TextAlignCenter, widget.LowImportance
	note := look.NewNote(lang.L("For who helps you, so it is in English. Passwords and keys are hidden."))
	top := container.New(look.Columns{Gap: 8, Cols: []look.Column{{Weight: 1}, {Width: 200}, {}, {}}}, note, v.level, v.copy, folder)
	rows := look.NewPanel(look.ColorCard, look.Pad(6, 6, container.NewStack(look.NewCompact(v.list.list), container.NewCenter(look.Wide(420, v.empty)))))
	rows.Edge, rows.Radius = look.ColorEdge, 10
	v.object = container.NewBorder(container.NewVBox(look.Gap(0, 2), top), nil, nil, nil, rows)
	return v
}

func (v *logView) fyneObject() fyne.CanvasObject { return v.object }

func (v *logView) refresh(app.Diagnostics) {
	v.list.set(v.lines())
	v.showEmpty()
}

func (v *logView) showEmpty() {
	look.SetShown(v.empty, len(v.list.rows) == 0)
	look.SetEnabled(v.copy, len(v.list.rows) > 0)
}

// lines are those of the chosen levels, the newest first.
func (v *logView) lines() []logbook.Line {
	least := levels()[max(v.level.SelectedIndex(), 0)]
	lines := slices.DeleteFunc(v.recent(), func(l logbook.Line) bool { return l.Level < least })
	slices.Reverse(lines)
	return lines
}

func (v *logView) show(l logbook.Line) {
	ShowText(v.host, levelName(l.Level), strings.TrimSpace(lineText(l)), false)
}

// copyAll copies what is shown, in the order in which it happened.
func (v *logView) copyAll() {
	var b strings.Builder
	for _, l := range slices.Backward(v.list.rows) {
		b.WriteString(lineText(l) + "\n")
	}
	fyne.CurrentApp().Clipboard().SetContent(b.String())
	n := len(v.list.rows)
	v.host.Say(lang.N("{{.N}} lines are copied.", n, map[string]any{"N": words.Number(n)}))
}

func (v *logView) openFolder() {
	if err := v.open(v.folder); err != nil {
		v.host.Warn(lang.L("The folder cannot be opened. It is {{.Path}}", map[string]any{"Path": v.folder}))
	}
}

func lineText(l logbook.Line) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", l.Time.Local().Format("2006-01-02 15:04:05.000"), l.Level, l.Message, l.Details))
}

// logRow is one line of the log.
type logRow struct {
	widget.BaseWidget
	at, level, text *widget.Label
}

func newLogRow() *logRow {
	r := &logRow{at: look.NewNote(""), level: look.NewNote(""), text: look.NewLine("")}
	r.text.SizeName = theme.SizeNameCaptionText
	r.ExtendBaseWidget(r)
	return r
}

// MinSize implements fyne.CanvasObject.
func (r *logRow) MinSize() fyne.Size { return fyne.NewSize(300, lineHeight) }

// CreateRenderer implements fyne.Widget.
func (r *logRow) CreateRenderer() fyne.WidgetRenderer {
	columns := look.Columns{Gap: 2, Cols: []look.Column{{Width: 66}, {Width: 66}, {Weight: 1}}}
	return widget.NewSimpleRenderer(container.New(columns, r.at, r.level, r.text))
}

func (r *logRow) show(l logbook.Line) {
	r.at.SetText(l.Time.Local().Format("15:04:05"))
	importance := widget.LowImportance
	switch {
	case l.Level >= slog.LevelError:
		importance = widget.DangerImportance
	case l.Level >= slog.LevelWarn:
		importance = widget.WarningImportance
	}
	look.SetText(r.level, levelName(l.Level), importance)
	r.text.SetText(words.Clean(l.Message+"  "+l.Details, lineLength))
}

func levelName(l slog.Level) string {
	switch {
	case l >= slog.LevelError:
		return lang.L("Error")
	case l >= slog.LevelWarn:
		return lang.L("Warning")
	case l >= slog.LevelInfo:
		return lang.L("Note")
	default:
		return lang.L("Detail")
	}
}
