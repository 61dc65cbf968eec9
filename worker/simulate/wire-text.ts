const endMark = ".\r\n";

/**
 * A message as DATA and RETR carry it (RFC 5321 §4.5.2, RFC 1939 §3): with dots stuffed and the end mark. A file that has only LF has the
 * line ends of its disk, not of its message.
 */
export function onTheWire(message: Uint8Array): Buffer {
  const given = Buffer.from(message).toString("latin1");
  const lines = given.includes("\r") ? given : given.replaceAll("\n", "\r\n");
  const whole = lines === "" || lines.endsWith("\r\n") ? lines : `${lines}\r\n`;
  return Buffer.from(`${whole.replace(/(^|\r\n)\./g, "$1..")}${endMark}`, "latin1");
}

/** The message again, one character a byte. */
export function offTheWire(wire: Buffer): string {
  return wire
    .toString("latin1")
    .slice(0, -endMark.length)
    .replace(/(^|\r\n)\.\./g, "$1.");
}
