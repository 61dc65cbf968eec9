import type { PartTrait } from "./part.ts";
import { isUuencode } from "./transfer-encoding.ts";

type Said = {
  contentTypes: ReadonlySet<string>;
  fileNames: readonly string[];
  transferEncodings: ReadonlySet<string>;
  /** Of S/MIME, in lower case. */
  smimeTypes: ReadonlySet<string>;
};

const byType: Readonly<Record<string, PartTrait>> = {
  "application/ms-tnef": "tnef",
  "application/vnd.ms-tnef": "tnef",
  "application/mac-binhex40": "binhex",
  "application/mac-binhex": "binhex",
  "message/partial": "partial",
  "message/external-body": "external-body",
  "multipart/encrypted": "encrypted",
  "application/pgp-encrypted": "encrypted",
  "multipart/signed": "signed",
  "application/pgp-signature": "signed",
  "application/pkcs7-signature": "signed",
  "application/x-pkcs7-signature": "signed",
};
const smimeData = /^application\/(?:x-)?pkcs7-mime$/;

/** What the types, names and encodings of a part tell about its kind. */
export function structuralTraits({ contentTypes, fileNames, transferEncodings, smimeTypes }: Said): Set<PartTrait> {
  const traits = new Set<PartTrait>();
  for (const type of contentTypes) {
    const trait = byType[type];
    if (trait !== undefined) traits.add(trait);
    if (smimeData.test(type)) traits.add(smimeTrait(smimeTypes));
  }
  if (fileNames.some((name) => name.toLowerCase() === "winmail.dat")) traits.add("tnef");
  if ([...transferEncodings].some(isUuencode)) traits.add("uuencode");
  return traits;
}

/** RFC 8551 §3.2.2. What does not say that it is only signed cannot be looked into. */
function smimeTrait(smimeTypes: ReadonlySet<string>): PartTrait {
  return smimeTypes.has("signed-data") || smimeTypes.has("certs-only") ? "signed" : "encrypted";
}
