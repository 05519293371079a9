package bench

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// group is the rows of the table that have their columns in common.
type group struct {
	title   string
	columns []string
}

// The groups of the table, in their order. Their columns are those of row.cells.
var groups = []group{latency, overhead, throughput, waiting, coldStart, fanOut}

var (
	latency    = group{"latency", []string{"p50", "p99", "raw round trips"}}
	overhead   = group{"one gift at a time, on disk before it is sent", []string{"p50", "p99"}}
	throughput = group{"many gifts at once", []string{"jobs/s", "the bare loop", "share"}}
	waiting    = group{"jobs that wait", []string{"put, each", "done, each", "heap, MB", "RSS, MB"}}
	fanOut     = group{"other programs are told of 1,000 events a second", []string{"delivered", "dropped, told", "p50", "p99"}}
	coldStart  = group{"start of the program", []string{"p50", "longest"}}
)

// floor is what the other rows of latency are compared with.
const floor = "a raw RCON round trip over loopback"

// row is what one benchmark came to.
type row struct {
	group string
	what  string
	cells []string
	p50   time.Duration // of a row of latency
}

// table collects the results of a run.
type table struct {
	mu   sync.Mutex
	rows []row
}

var results table // of this run; TestMain prints it

// put keeps a row in place of an earlier one of the same benchmark, which ran with fewer rounds.
func (t *table) put(r row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.rows, func(o row) bool { return o.group == r.group && o.what == r.what })
	if i >= 0 {
		t.rows[i] = r
		return
	}
	t.rows = append(t.rows, r)
}

// print writes the groups that were measured in this run, as tables of Markdown.
func (t *table) print(out io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.compare()
	for _, g := range groups {
		rows := slices.DeleteFunc(slices.Clone(t.rows), func(r row) bool { return r.group != g.title })
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n| %-64s |", g.title)
		for _, c := range g.columns {
			fmt.Fprintf(out, " %15s |", c)
		}
		fmt.Fprintf(out, "\n| %s |%s\n", strings.Repeat("-", 64), strings.Repeat(" --------------: |", len(g.columns)))
		for _, r := range rows {
			fmt.Fprintf(out, "| %-64s |", r.what)
			for _, c := range r.cells {
				fmt.Fprintf(out, " %15s |", c)
			}
			fmt.Fprintln(out)
		}
	}
	if len(t.rows) > 0 {
		fmt.Fprintln(out)
	}
}

// compare sets each row of latency beside the floor, which may have been measured after it.
func (t *table) compare() {
	base := slices.IndexFunc(t.rows, func(r row) bool { return r.what == floor })
	for i, r := range t.rows {
		if r.group != latency.title {
			continue
		}
		ratio := "-"
		if base >= 0 && t.rows[base].p50 > 0 {
			ratio = fmt.Sprintf("%.2f", float64(r.p50)/float64(t.rows[base].p50))
		}
		t.rows[i].cells = append(slices.Clone(r.cells), ratio)
	}
}

func TestTable(t *testing.T) {
	var got strings.Builder
	var t1 table
	t1.put(row{group: latency.title, what: "slow", cells: []string{"9.0 µs", "9.9 µs"}, p50: 9})
	t1.put(row{group: latency.title, what: "slow", cells: []string{"3.0 µs", "3.3 µs"}, p50: 3})
	t1.put(row{group: latency.title, what: floor, cells: []string{"2.0 µs", "2.2 µs"}, p50: 2})
	t1.print(&got)
	for _, want := range []string{"| slow ", " 3.0 µs |          3.3 µs |            1.50 |\n", " 2.0 µs |          2.2 µs |            1.00 |\n"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("%q is not in\n%s", want, &got)
		}
	}
	if strings.Contains(got.String(), "9.0") || strings.Contains(got.String(), throughput.title) {
		t.Errorf("there is more than was put:\n%s", &got)
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	results.print(os.Stdout)
	os.Exit(code)
}
