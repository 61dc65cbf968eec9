type BinaryHeaderOptions = {
  /** null: no addresses, family unspecified. */
  source: { address: string; port: number } | null;
  command?: number;
  family?: number;
  /** The length that it tells, right or wrong. */
  behind?: number;
  extension?: Buffer;
};

/** A PROXY protocol header of version 2, to 198.51.100.1 or 2001:db8::1 port 25. */
export function binaryHeader({ source, command = 0x21, family, behind, extension }: BinaryHeaderOptions): Buffer {
  const body = Buffer.concat([source === null ? Buffer.alloc(0) : addresses(source), extension ?? Buffer.alloc(0)]);
  const head = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, command, 0, 0, 0]);
  head[13] = family ?? (source === null ? 0x00 : source.address.includes(":") ? 0x21 : 0x11);
  head.writeUInt16BE(behind ?? body.length, 14);
  return Buffer.concat([head, body]);
}

function addresses({ address, port }: { address: string; port: number }): Buffer {
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(port, 0);
  ports.writeUInt16BE(25, 2);
  const [from, to] = address.includes(":")
    ? [wide(address), wide("2001:db8::1")]
    : [Buffer.from(address.split(".").map(Number)), Buffer.from([198, 51, 100, 1])];
  return Buffer.concat([from, to, ports]);
}

/** Reads `a:b::c`, with one run of zeros left out. */
function wide(address: string): Buffer {
  const [front = [], back = []] = address.split("::").map((half) => half.split(":"));
  const groups = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => "0"), ...back];
  const bytes = Buffer.alloc(16);
  groups.forEach((group, i) => bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * i));
  return bytes;
}
