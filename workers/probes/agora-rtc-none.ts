// Stands where the package agora-rtc-sdk-ng would be (`alias` in wrangler.toml): Agora's Signaling SDK asks for the video SDK
// when it is loaded, which needs a browser, and uses nothing of it for messages.

export const none = null;
