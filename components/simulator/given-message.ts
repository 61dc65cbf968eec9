/** Bytes as base64. */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  // One call for each byte would be slow, one for all of them too deep.
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
