package event

// Kind and From make the types of this package Events and FromViewers.

func (Gift) Kind() Kind                 { return KindGift }
func (Follow) Kind() Kind               { return KindFollow }
func (Like) Kind() Kind                 { return KindLike }
func (Share) Kind() Kind                { return KindShare }
func (Join) Kind() Kind                 { return KindJoin }
func (Chat) Kind() Kind                 { return KindChat }
func (Subscribe) Kind() Kind            { return KindSubscribe }
func (ViewerCount) Kind() Kind          { return KindViewerCount }
func (Question) Kind() Kind             { return KindQuestion }
func (Cue) Kind() Kind                  { return KindCue }
func (Signal) Kind() Kind               { return KindSignal }
func (Connecting) Kind() Kind           { return KindConnecting }
func (Connected) Kind() Kind            { return KindConnected }
func (Reconnecting) Kind() Kind         { return KindReconnecting }
func (Reconnected) Kind() Kind          { return KindReconnected }
func (Disconnected) Kind() Kind         { return KindDisconnected }
func (WaitingForLive) Kind() Kind       { return KindWaitingForLive }
func (LiveEnded) Kind() Kind            { return KindLiveEnded }
func (RateLimited) Kind() Kind          { return KindRateLimited }
func (AuthFailed) Kind() Kind           { return KindAuthFailed }
func (CredentialsRefreshed) Kind() Kind { return KindCredentialsRefreshed }

func (e Gift) From() User      { return e.User }
func (e Follow) From() User    { return e.User }
func (e Like) From() User      { return e.User }
func (e Share) From() User     { return e.User }
func (e Join) From() User      { return e.User }
func (e Chat) From() User      { return e.User }
func (e Subscribe) From() User { return e.User }
func (e Question) From() User  { return e.User }
