package gui

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/livecue/livecue/core/profile"
)

// The window's test runs this binary again as the program: a real window must be on the main goroutine.
const (
	windowEnv = "LIVECUE_TEST_WINDOW" // the page to show
	themeEnv  = "LIVECUE_TEST_THEME"
	widthEnv  = "LIVECUE_TEST_WIDTH"
	heightEnv = "LIVECUE_TEST_HEIGHT"
	scriptEnv = "LIVECUE_TEST_SCRIPT"
	// troubleEnv asks for everything to go wrong, to see how much room the words take.
	troubleEnv = "LIVECUE_TEST_TROUBLE"
	// pastEnv asks for a history, for jobs left over from last time, and for some that wait.
	pastEnv = "LIVECUE_TEST_PAST"
	// diagnosticsEnv asks for figures, errors, a log and a crash.
	diagnosticsEnv = "LIVECUE_TEST_DIAGNOSTICS"
	// problemPage stands for the window of a profile that cannot be read, which is at profileEnv.
	problemPage = "problem"
	profileEnv  = "LIVECUE_TEST_PROFILE"
)

func TestMain(m *testing.M) {
	if page := os.Getenv(windowEnv); page != "" {
		os.Exit(showWindow(Page(page)))
	}
	os.Exit(m.Run())
}

// showWindow runs a window over a fake core until it is closed.
func showWindow(page Page) int {
	if page == problemPage {
		return showProblem()
	}
	core := newFakeCore()
	core.out = os.Stdout
	if os.Getenv(troubleEnv) != "" {
		core.beInTrouble()
	}
	if os.Getenv(pastEnv) != "" {
		core.haveAPast(2500)
		core.haveLeftovers(12)
		core.haveAQueue(260)
	}
	defer core.StopRehearsal()
	opts := Options{
		Core: core, Version: "0.1.0", Page: page, Theme: profile.Theme(os.Getenv(themeEnv)), StartRehearsal: os.Getenv(scriptEnv),
		Width: size(widthEnv, 1280), Height: size(heightEnv, 720), CheckThreads: true,
	}
	if os.Getenv(diagnosticsEnv) != "" {
		core.haveDiagnostics()
		diagnosable(&opts)
	}
	if err := Run(context.Background(), opts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("window closed cleanly")
	return 0
}

// showProblem runs the window of a profile that cannot be read.
func showProblem() int {
	_, problem := profile.Load(os.Getenv(profileEnv))
	if err := ShowProblem(context.Background(), Options{Theme: profile.Theme(os.Getenv(themeEnv)), CheckThreads: true}, problem); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("window closed cleanly")
	return 0
}

func size(env string, otherwise float32) float32 {
	n, err := strconv.Atoi(os.Getenv(env))
	if err != nil {
		return otherwise
	}
	return float32(n)
}
