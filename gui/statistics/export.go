package statistics

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"github.com/livecue/livecue/core/stats"
	"github.com/livecue/livecue/gui/look"
	"github.com/livecue/livecue/gui/words"
)

// rowsExported is how long a table may be in a file.
const rowsExported = 100_000

// shownTable is the table of the view that is in sight.
func (p *Page) shownTable() stats.Table {
	order := []stats.Table{stats.TableTime, stats.TableViewers, stats.TableGifts, stats.TableRules, stats.TableSessions}
	return order[max(p.tabs.SelectedIndex(), 0)]
}

// askExport asks which program the table is for.
func (p *Page) askExport() {
	var d *dialog.CustomDialog
	option := func(icon, title, hint string, how stats.CSV) fyne.CanvasObject {
		return look.NewOption(icon, title, hint, func() {
			d.Hide()
			p.askFile(how)
		})
	}
	excel := stats.CSV{ForExcel: true, Semicolon: words.HasDecimalComma()}
	content := container.NewVBox(
		look.NewHint(lang.L("The table that you see is saved, with all its rows: {{.Name}}.", map[string]any{"Name": p.tabs.Selected().Text})),
		option("chart", lang.L("For Excel"), lang.L("Opens with a double click, with the right columns and letters."), excel),
		option("program", lang.L("For other programs"), lang.L("With commas between the columns, as Google Sheets and most programs want it."), stats.CSV{}))
	d = look.ShowDialog(lang.L("Save as CSV"), content, fyne.NewSize(520, 220), p.host.Window)
	content.Add(container.NewHBox(layout.NewSpacer(), widget.NewButton(lang.X("leave a dialog", "Cancel"), func() { d.Hide() })))
}

// askFile asks where to, and saves the table there.
func (p *Page) askFile(how stats.CSV) {
	table, q := p.shownTable(), p.scope.query(time.Now())
	q.Points, q.Top = 0, rowsExported
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			p.host.Warn(words.Error(err))
		case file != nil:
			p.write(file, q, table, how)
		}
	}, p.host.Window)
	d.SetTitleText(lang.L("Save as CSV"))
	d.SetFileName("livecue-" + string(table) + "-" + time.Now().Format("2006-01-02") + ".csv")
	d.SetFilter(storage.NewExtensionFileFilter([]string{".csv"}))
	d.Resize(look.FileDialogSize(p.host.Window))
	d.Show()
}

// write leaves the whole table behind, or no file.
func (p *Page) write(file fyne.URIWriteCloser, q stats.Query, table stats.Table, how stats.CSV) {
	p.host.Run(func(ctx context.Context) error {
		data, err := p.core.StatisticsCSV(ctx, q, table, how)
		if err == nil {
			_, err = file.Write(data)
		}
		if err = errors.Join(err, file.Close()); err != nil {
			_ = storage.Delete(file.URI()) // the error is told; half a table would pass for a whole one
		}
		return err
	}, func(err error) {
		if err != nil {
			p.host.Warn(words.Error(err))
			return
		}
		p.host.Say(lang.L("Saved as {{.Path}}.", map[string]any{"Path": file.URI().Path()}))
	})
}
