/** Whether what goes there stays on this host: nobody reads it on the way. */
export function isOwnHost(host: string): boolean {
  return /^(?:localhost$|127\.|::1$)/.test(host);
}
