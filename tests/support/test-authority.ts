import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type TestCertificate = { cert: string; key: string };

/** A certificate authority of the tests. Needs openssl. */
export class TestAuthority {
  /** Its own certificate, PEM. */
  readonly cert: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "postern-authority-"));
  #serial = 0;

  constructor() {
    const out = ["-keyout", this.#at("ca.key"), "-out", this.#at("ca.pem")];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl(["req", "-x509", ...key, "-days", "2", "-subj", "/CN=Test authority", ...out]);
    this.cert = readFileSync(this.#at("ca.pem"), "utf8");
  }

  /** A certificate for the names (DNS:mx.test, IP:127.0.0.1). `days` below 0: it has expired. */
  issue(names: readonly string[], days = 2): TestCertificate {
    const name = `leaf-${++this.#serial}`;
    const [key, request, cert] = [this.#at(`${name}.key`), this.#at(`${name}.csr`), this.#at(`${name}.pem`)];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl(["req", ...kind, "-subj", `/CN=${name}`, "-keyout", key, "-out", request]);
    writeFileSync(this.#at("ext"), `subjectAltName=${names.join(",")}\n`);
    const by = ["-CA", this.#at("ca.pem"), "-CAkey", this.#at("ca.key"), "-set_serial", String(this.#serial)];
    openssl(["x509", "-req", "-in", request, ...by, "-days", String(days), "-extfile", this.#at("ext"), "-out", cert]);
    return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }
}

function openssl(args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}
