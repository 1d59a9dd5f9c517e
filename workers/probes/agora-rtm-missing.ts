// Stands where the package agora-rtm would be (`alias` in wrangler.toml): 1.4 MB under Agora's own licence, which nobody gets
// who did not ask for it. To opt in: `npm install agora-rtm@2.3.0`, and take the line "agora-rtm" out of [alias].

export const isMissing = true;
