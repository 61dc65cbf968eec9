import type { Classifier } from "./classifier.ts";

/** RFC 7468 §10 and §11, RFC 4716, RFC 9580 §6.2: the line that begins a key is enough; what follows is never shown. */
const privateKey: Classifier = {
  name: "private-key",
  label: "Private key (PEM)",
  expression: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----[ \n]?[A-Za-z0-9+/=]{0,64}/g,
  // The beginning of the key's own characters tells one key from another.
  read: (candidate) => ({
    value: candidate.replace(/^-----[^-]{1,90}-----[ \n]?/, "") || candidate,
    length: candidate.length,
  }),
  shown: { first: 0, last: 0 },
};

/** AWS IAM User Guide, unique identifiers: AKIA (long-term) and ASIA (temporary), then base32. */
const awsAccessKey: Classifier = {
  name: "aws-access-key",
  label: "AWS access key",
  expression: /(?<![A-Za-z0-9])A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])/g,
  read: (candidate) => ({ value: candidate, length: candidate.length }),
  shown: { first: 4, last: 2 },
};

/** RFC 7519 §3, RFC 7515 §7.1: three base64url parts, the first a JSON object with `alg` (RFC 7515 §4.1.1). */
const jsonWebToken: Classifier = {
  name: "json-web-token",
  label: "JSON Web Token",
  expression: /(?<![\w.-])eyJ[\w-]{10,1000}\.eyJ[\w-]{4,8000}\.[\w-]{0,2000}(?![\w-])/g,
  read: (candidate) =>
    hasAlgorithm(candidate.split(".")[0] ?? "") ? { value: candidate, length: candidate.length } : null,
  shown: { first: 3, last: 0 },
};

function hasAlgorithm(header: string): boolean {
  try {
    const object: unknown = JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof object === "object" && object !== null && "alg" in object;
  } catch {
    return false;
  }
}

/** A word for a secret, a sign, and the secret; nothing of it is shown. */
const password: Classifier = {
  name: "password",
  label: "Password or secret in the clear",
  expression:
    /(?<![A-Za-z0-9])(?:pass ?word|passwd|pwd|pass ?phrase|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|client[_ -]?secret|api[_ -]?key|access[_ -]?token)["']? ?(?:[:=]|is:) ?["']?[^\s"'<>]{6,64}/gi,
  read: (candidate) => {
    const secret = /[:=] ?["']?([^\s"'<>]{6,64})$/.exec(candidate.replace(/[)\]}.,;:]{1,8}$/, ""));
    const value = secret?.[1] ?? "";
    return value === "" || /^[*•.xX_-]+$/.test(value) ? null : { value, length: candidate.length };
  },
  shown: { first: 0, last: 0 },
};

/** RFC 5321 §4.1.2 without quoted local parts. As a list: let the dictionary's threshold be the number of distinct addresses. */
const emailAddress: Classifier = {
  name: "email-address",
  label: "E-mail address",
  expression: /(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}(?![A-Za-z0-9-])/g,
  read: (candidate) => (candidate.includes("..") ? null : { value: candidate.toLowerCase(), length: candidate.length }),
  shown: { first: 2, last: 3 },
};

export const secretClassifiers: readonly Classifier[] = [
  privateKey,
  awsAccessKey,
  jsonWebToken,
  password,
  emailAddress,
];
