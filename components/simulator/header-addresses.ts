const headMax = 65_536;

/** Who writes to whom as the header lines of a message say, for an envelope that nobody has filled in. */
export function headerAddresses(message: string): { sender: string; recipients: string } {
  const [head = ""] = message.slice(0, headMax).split(/\r?\n\r?\n/, 1);
  const lines = head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  const of = (name: string) => lines.flatMap((line) => (line.toLowerCase().startsWith(name) ? addressesIn(line) : []));
  return { sender: of("from:")[0] ?? "", recipients: [...of("to:"), ...of("cc:")].slice(0, 10).join("\n") };
}

function addressesIn(line: string): string[] {
  return line.match(/[^\s<>,;:"'()@]{1,64}@[^\s<>,;:"'()@]{1,255}/g) ?? [];
}
