/** A leaf of a made message: what a reader must find in it. */
export type MadeLeaf = { name: string; content: Buffer };
export type MadeMessage = { bytes: Buffer; leaves: MadeLeaf[] };

type Maker = { random: () => number; serial: number; leaves: MadeLeaf[] };

/** A multipart message of files in random nesting, encodings and messages inside messages; each file has a name and content of its own. */
export function madeMessage(random: () => number): MadeMessage {
  const maker: Maker = { random, serial: 0, leaves: [] };
  const head = ["From: A <a@b.test>", "Subject: made", "Message-ID: <made@b.test>", "MIME-Version: 1.0"];
  const body = multipart(maker, 0);
  return { bytes: Buffer.from(`${head.join("\r\n")}\r\n${body}`, "latin1"), leaves: maker.leaves };
}

/** From its header on. */
function multipart(maker: Maker, depth: number): string {
  const boundary = `=_edge.${maker.serial++}`;
  const kind = pick(maker, ["mixed", "related", "mixed"]);
  const count = 1 + Math.floor(maker.random() * 4);
  const parts = Array.from({ length: count }, () => part(maker, depth + 1));
  const preamble = pick(maker, ["", "This is MIME.\r\n", "\r\n"]);
  const body = parts.map((one) => `--${boundary}\r\n${one}\r\n`).join("");
  return `Content-Type: multipart/${kind};\r\n boundary="${boundary}"\r\n\r\n${preamble}${body}--${boundary}--\r\n`;
}

function part(maker: Maker, depth: number): string {
  const dice = maker.random();
  if (depth < 4 && dice < 0.15) return multipart(maker, depth);
  if (depth < 4 && dice < 0.25) {
    return `Content-Type: message/rfc822\r\n\r\nFrom: inner@b.test\r\nSubject: inner\r\n${multipart(maker, depth + 1)}`;
  }
  return leaf(maker);
}

function leaf(maker: Maker): string {
  const name = `file${maker.serial++}.bin`;
  const content = Buffer.from(
    Array.from({ length: 1 + Math.floor(maker.random() * 200) }, () => Math.floor(maker.random() * 256)),
  );
  maker.leaves.push({ name, content });
  const id = maker.random() < 0.3 ? `Content-ID: <${name}@b.test>\r\n` : "";
  const disposition = `Content-Disposition: attachment;\r\n\tfilename="${name}"\r\n`;
  const type = "Content-Type: application/octet-stream\r\n";
  const [encoding, text] =
    maker.random() < 0.5
      ? ["base64", content.toString("base64").replace(/.{76}/g, "$&\r\n")]
      : [
          "quoted-printable",
          [...content]
            .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`)
            .join("")
            .replace(/.{72}/g, "$&=\r\n"),
        ];
  const fields = [type, disposition, `Content-Transfer-Encoding: ${encoding}\r\n`, id].toSorted(
    () => maker.random() - 0.5,
  );
  return `${fields.join("")}\r\n${text}`;
}

function pick<T>(maker: Maker, all: readonly [T, ...T[]]): T {
  return all[Math.floor(maker.random() * all.length)] ?? all[0];
}
