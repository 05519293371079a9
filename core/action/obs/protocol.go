package obs

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// Kinds of message (enum WebSocketOpCode of the protocol).
const (
	opHello      = 0
	opIdentify   = 1
	opIdentified = 2
	opRequest    = 6
	opResponse   = 7
)

const (
	// rpcVersion is the version of the protocol that this package speaks.
	rpcVersion = 1
	// subprotocol asks for messages in JSON.
	subprotocol = "obswebsocket.json"
	// closeAuthentication and closeVersion are how OBS ends a connection that it will not have (enum WebSocketCloseCode).
	closeAuthentication = 4009
	closeVersion        = 4010
)

// message is what goes either way.
type message struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
}

// hello is OBS's first message.
type hello struct {
	// Authentication is missing where OBS wants no password.
	Authentication *challenge `json:"authentication"`
}

type challenge struct {
	Challenge string `json:"challenge"`
	Salt      string `json:"salt"`
}

type identify struct {
	RPCVersion     int    `json:"rpcVersion"`
	Authentication string `json:"authentication,omitempty"`
	// EventSubscriptions is a set of bits. None is set: this package asks, and needs not be told.
	EventSubscriptions int `json:"eventSubscriptions"`
}

type request struct {
	Type string `json:"requestType"`
	ID   string `json:"requestId"`
	Data any    `json:"requestData,omitempty"`
}

type response struct {
	ID     string `json:"requestId"`
	Status struct {
		Code    int    `json:"code"`
		Comment string `json:"comment"`
	} `json:"requestStatus"`
	Data json.RawMessage `json:"responseData"`
}

// answer proves that we know the password without sending it.
func (c challenge) answer(password string) string {
	secret := digest(password + c.Salt)
	return digest(secret + c.Challenge)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// encode returns a message as it is written.
func encode(op int, data any) ([]byte, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	return json.Marshal(message{Op: op, Data: raw})
}
