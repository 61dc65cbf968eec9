import type { BodyReader } from "./body-passage.ts";
import type { TransferDecoder } from "./transfer-decoder.ts";

/** Of what is inside. */
type Outline = { write(chunk: Uint8Array): void; end(): void };

/** A multipart or message whose content is encoded, read by an outline of its own until a delimiter from outside ends it. */
export class EncodedBody implements BodyReader {
  readonly endsAt: number;
  readonly #decoder: TransferDecoder;
  readonly #outline: Outline;

  constructor(endsAt: number, decoder: TransferDecoder, outline: Outline) {
    this.endsAt = endsAt;
    this.#decoder = decoder;
    this.#outline = outline;
  }

  write(piece: Uint8Array): void {
    this.#outline.write(this.#decoder.write(piece));
  }

  end(): void {
    this.#outline.write(this.#decoder.end());
    this.#outline.end();
    // What is odd in its encoding needs no word of its own: an encoded message or multipart is ambiguous already.
  }
}
