// Package tiktok is the source of a TikTok LIVE's events: who gave what, who followed, liked, shared, joined, wrote.
//
// A connection goes through a door. The direct door asks TikTok's pages for the room (with gotiktoklive), has a signer sign
// the socket's address, and speaks Webcast with TikTok itself. The euler door lets Euler Stream's managed socket do all
// that, and passes TikTok's own frames through. Behind both is one intake, which decodes the frames, counts no message twice
// and folds gift streaks, across reconnects too.
//
// What arrives is hostile or broken until shown otherwise: parts may be missing, counts absurd, texts huge. A message that
// cannot be read is counted and told of once per kind; its neighbours are never lost with it.
package tiktok
