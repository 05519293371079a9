package speech

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf16"
)

// sapi is the speech of Windows, through the .NET of Windows PowerShell. Its scripts are the same each time: the text comes in on the
// standard input, what the user has set in the environment.
type sapi struct{ path string }

// powerShell returns where Windows has it, because a PATH can be changed by others.
func powerShell() string {
	return filepath.Join(os.Getenv("SystemRoot"), "System32", "WindowsPowerShell", "v1.0", "powershell.exe")
}

const (
	voiceVariable = "LIVECUE_SPEECH_VOICE"
	rateVariable  = "LIVECUE_SPEECH_RATE"
)

// sapiSay renders into memory, because a WAV needs its header mended at the end, and a pipe cannot go back.
const sapiSay = `$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$reader = New-Object IO.StreamReader([Console]::OpenStandardInput(), (New-Object Text.UTF8Encoding $false))
$text = $reader.ReadToEnd()
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
if ($env:LIVECUE_SPEECH_VOICE) { $voice.SelectVoice($env:LIVECUE_SPEECH_VOICE) }
$voice.Rate = [int]$env:LIVECUE_SPEECH_RATE
$sound = New-Object IO.MemoryStream
$voice.SetOutputToWaveStream($sound)
$voice.Speak($text)
$voice.SetOutputToNull()
$out = [Console]::OpenStandardOutput()
$sound.WriteTo($out)
$out.Flush()
`

const sapiVoices = `$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
$lines = $voice.GetInstalledVoices() | Where-Object { $_.Enabled } |
  ForEach-Object { $_.VoiceInfo.Name + [char]9 + $_.VoiceInfo.Culture.Name + [char]10 }
$bytes = [Text.Encoding]::UTF8.GetBytes(($lines -join ''))
$out = [Console]::OpenStandardOutput()
$out.Write($bytes, 0, $bytes.Length)
$out.Flush()
`

func (s sapi) run(ctx context.Context, script, input string, env ...string) ([]byte, error) {
	args := []string{"-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-EncodedCommand", encoded(script)}
	return command{path: s.path, args: args, env: env, input: input}.output(ctx)
}

// encoded is how PowerShell takes a script in its command line: UTF-16, in base 64.
func encoded(script string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(script)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return base64.StdEncoding.EncodeToString(b)
}

func (s sapi) say(ctx context.Context, u utterance, play playFunc) error {
	wav, err := s.run(ctx, sapiSay, u.text, voiceVariable+"="+u.voice, rateVariable+"="+strconv.Itoa(sapiRate(u.rate)))
	if err != nil {
		return err
	}
	return play(wav)
}

// sapiRate turns a speed in percent into SAPI's, from -10 to 10, where 10 is three times the usual speed and -10 a third.
func sapiRate(rate int) int {
	return max(-10, min(10, int(math.Round(10*math.Log(float64(rate)/100)/math.Log(3)))))
}

func (s sapi) voices(ctx context.Context) ([]Voice, error) {
	out, err := s.run(ctx, sapiVoices, "")
	if err != nil {
		return nil, err
	}
	var all []Voice
	for line := range strings.Lines(string(out)) {
		if name, language, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			all = append(all, Voice{ID: name, Name: name, Language: language})
		}
	}
	return all, nil
}
