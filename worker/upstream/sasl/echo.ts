/** A shorter secret stands in many texts by chance: its echo is not looked for. */
const echoCharactersMin = 4;

/** A server may say back the secret that it was told: records must not show it. */
export function withoutSecret(text: string, secret: string): string {
  return secret.length < echoCharactersMin ? text : text.replaceAll(secret, "*");
}

/** The same for lines of AUTH in base64, cut short perhaps. */
export function withoutEcho(text: string, sent: readonly string[]): string {
  return text.replace(/[0-9A-Za-z+/]{4,}/g, (word) => (sent.some((line) => line.includes(word)) ? "*" : word));
}
