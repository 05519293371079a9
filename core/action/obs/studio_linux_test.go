package obs

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// studio is a real OBS on a display of its own, with settings and scenes of its own.
type studio struct {
	t       testing.TB
	home    string
	display string
	port    int
	process *exec.Cmd // nil while it does not run
}

// packages are what Debian and Ubuntu call the packages of the programs that the tests need.
var packages = map[string]string{"obs": "obs-studio and obs-plugins", "Xvfb": "xvfb"}

// newStudio prepares an OBS that is not started yet. All of it ends with the test.
func newStudio(t testing.TB) *studio {
	t.Helper()
	for program, names := range packages {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: install %s", program, names)
		}
	}
	// OBS may still write into its folder while it is being killed, which t.TempDir would take for a failure.
	home, err := os.MkdirTemp("", "livecue-obs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	s := &studio{t: t, home: home, port: freePort(t)}
	s.writeSettings()
	for range 5 { // a display whose number another program has just given up can lose its socket to it
		if s.display = s.startDisplay(); s.display != "" {
			break
		}
	}
	if s.display == "" {
		t.Fatal("Xvfb does not start")
	}
	t.Cleanup(s.kill)
	return s
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

func (s *studio) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// startDisplay starts Xvfb and returns its display once it takes connections, or "".
func (s *studio) startDisplay() string {
	s.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait() // it was told to end, and says so
	})
	_ = write.Close()
	if err := read.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		s.t.Fatal(err)
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		return ""
	}
	return ":" + strings.TrimSpace(number)
}

// start starts OBS without waiting for it.
func (s *studio) start() {
	s.t.Helper()
	// It must neither find another OBS to argue with, nor show a window that asks something.
	c := exec.Command("obs", "--multi", "--disable-updater", "--disable-missing-files-check", "--disable-shutdown-check", "--minimize-to-tray")
	c.Env = append(os.Environ(), "DISPLAY="+s.display, "WAYLAND_DISPLAY=", "QT_QPA_PLATFORM=xcb", "LIBGL_ALWAYS_SOFTWARE=1",
		"HOME="+s.home, "XDG_CONFIG_HOME="+filepath.Join(s.home, "config"), "XDG_CACHE_HOME="+filepath.Join(s.home, "cache"),
		"XDG_RUNTIME_DIR="+s.home, "PULSE_SERVER=unix:"+filepath.Join(s.home, "none"), "LANG=en_US.UTF-8", "LC_ALL=")
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.process = c
}

// await waits until OBS is logged in to.
func (s *studio) await(c *Client) {
	s.t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for {
		_, err := c.Test(s.t.Context())
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("OBS does not start: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// kill ends OBS as a crash would.
func (s *studio) kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait() // it was killed, and says so
	s.process = nil
}

func (s *studio) signal(sig os.Signal) {
	s.t.Helper()
	if err := s.process.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// freeze stops OBS, and returns when the kernel has.
func (s *studio) freeze() {
	s.t.Helper()
	s.signal(syscall.SIGSTOP)
	eventually(s.t, "OBS is frozen", func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
		_, state, ok := strings.Cut(string(stat), ") ")
		return err == nil && ok && strings.HasPrefix(state, "T")
	})
}

// ask asks OBS on a connection that the client under test has no part in.
func (s *studio) ask(kind string, data, out any) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := dial(ctx, s.address(), password)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.close()
	if err := c.ask(ctx, kind, data, out); err != nil {
		s.t.Fatalf("%s: %v", kind, err)
	}
}

func (s *studio) live() string {
	s.t.Helper()
	var got struct {
		Name string `json:"currentProgramSceneName"`
	}
	s.ask("GetCurrentProgramScene", nil, &got)
	return got.Name
}

func (s *studio) isShown(scene, source string) bool {
	s.t.Helper()
	var item struct {
		ID int64 `json:"sceneItemId"`
	}
	s.ask("GetSceneItemId", map[string]any{"sceneName": scene, "sourceName": source}, &item)
	var got struct {
		IsOn bool `json:"sceneItemEnabled"`
	}
	s.ask("GetSceneItemEnabled", map[string]any{"sceneName": scene, "sceneItemId": item.ID}, &got)
	return got.IsOn
}

func (s *studio) isFiltered(source, filter string) bool {
	s.t.Helper()
	var got struct {
		IsOn bool `json:"filterEnabled"`
	}
	s.ask("GetSourceFilter", map[string]any{"sourceName": source, "filterName": filter}, &got)
	return got.IsOn
}

func (s *studio) words(source string) string {
	s.t.Helper()
	var got struct {
		Settings struct {
			Text string `json:"text"`
		} `json:"inputSettings"`
	}
	s.ask("GetInputSettings", map[string]any{"inputName": source}, &got)
	return got.Settings.Text
}

// cursor returns where a media source is, in milliseconds.
func (s *studio) cursor(source string) float64 {
	s.t.Helper()
	var got struct {
		Cursor float64 `json:"mediaCursor"`
	}
	s.ask("GetMediaInputStatus", map[string]any{"inputName": source}, &got)
	return got.Cursor
}

// writeSettings writes what OBS reads when it starts. Where its WebSocket server is set up depends on OBS's age.
func (s *studio) writeSettings() {
	s.t.Helper()
	clip := filepath.Join(s.home, "clip.wav")
	for name, text := range map[string]string{
		"global.ini": fmt.Sprintf(globalINI, s.port, password),
		"plugin_config/obs-websocket/config.json": fmt.Sprintf(pluginJSON, s.port, password),
		"basic/profiles/Test/basic.ini":           basicINI,
		"basic/scenes/Test.json":                  strings.ReplaceAll(scenesJSON, "CLIP", clip),
	} {
		path := filepath.Join(s.home, "config", "obs-studio", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := os.WriteFile(clip, silence(60), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// silence returns a WAV file of that many seconds.
func silence(seconds uint32) []byte {
	const rate = 8000
	var b bytes.Buffer
	size := seconds * rate * 2
	b.WriteString("RIFF")
	_ = binary.Write(&b, binary.LittleEndian, 36+size)
	b.WriteString("WAVEfmt ")
	_ = binary.Write(&b, binary.LittleEndian, []uint32{16, 1 | 1<<16, rate, rate * 2, 2 | 16<<16})
	b.WriteString("data")
	_ = binary.Write(&b, binary.LittleEndian, size)
	return append(b.Bytes(), make([]byte, size)...)
}

const globalINI = `[General]
FirstRun=true
EnableAutoUpdates=false

[Basic]
Profile=Test
ProfileDir=Test
SceneCollection=Test
SceneCollectionFile=Test

[BasicWindow]
SysTrayEnabled=false

[OBSWebSocket]
FirstLoad=false
ServerEnabled=true
ServerPort=%d
AlertsEnabled=false
AuthRequired=true
ServerPassword=%s
`

const pluginJSON = `{"first_load": false, "server_enabled": true, "server_port": %d, "alerts_enabled": false, "auth_required": true,
"server_password": "%s"}`

const basicINI = `[General]
Name=Test

[Video]
BaseCX=320
BaseCY=180
OutputCX=320
OutputCY=180
FPSType=0
FPSCommon=10
`

// scenesJSON has two scenes. In Main are a logo with a filter, words, a clip, and a box (a group) with a badge in it.
const scenesJSON = `{"name": "Test", "current_scene": "Main", "current_program_scene": "Main",
"scene_order": [{"name": "Main"}, {"name": "Pause"}],
"sources": [
 {"id": "color_source", "versioned_id": "color_source_v3", "name": "Logo", "settings": {"width": 40, "height": 40},
  "filters": [{"id": "color_filter", "versioned_id": "color_filter_v2", "name": "Grey", "settings": {"saturation": -1.0}, "enabled": false}]},
 {"id": "color_source", "versioned_id": "color_source_v3", "name": "Badge", "settings": {"width": 20, "height": 20}},
 {"id": "text_ft2_source", "versioned_id": "text_ft2_source_v2", "name": "Words", "settings": {"text": "at first"}},
 {"id": "ffmpeg_source", "versioned_id": "ffmpeg_source", "name": "Clip", "settings": {"local_file": "CLIP", "looping": false}},
 {"id": "scene", "versioned_id": "scene", "name": "Main", "settings": {"id_counter": 4, "items": [
  {"name": "Box", "id": 1, "visible": true}, {"name": "Clip", "id": 2, "visible": true},
  {"name": "Words", "id": 3, "visible": true}, {"name": "Logo", "id": 4, "visible": false}]}},
 {"id": "scene", "versioned_id": "scene", "name": "Pause", "settings": {"id_counter": 1, "items": [
  {"name": "Logo", "id": 1, "visible": true}]}}],
"groups": [
 {"id": "group", "versioned_id": "group", "name": "Box", "settings": {"id_counter": 1, "cx": 40, "cy": 40, "items": [
  {"name": "Badge", "id": 1, "visible": true}]}}]}
`
