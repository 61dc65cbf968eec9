import type { SmtpSettings } from "#core/contract/smtp-settings.ts";
import { NetworkSet } from "#core/match/network-set.ts";
import type { XclientAttributes } from "#core/smtp/xclient.ts";
import { canonicalAddress } from "../net/client-address.ts";
import type { Admission } from "../services.ts";
import type { Client } from "./message-record.ts";

/** Whether this address is believed when it tells of another. */
export function takesXclient({ xclientFrom }: SmtpSettings, address: string): boolean {
  return xclientFrom.length > 0 && new NetworkSet(xclientFrom).has(address);
}

/** The session as a trusted proxy describes it, judged anew: what it does not tell stays, and what it cannot tell is not known. */
export function readmitted(
  admission: Admission,
  client: Client,
  { ADDR, PORT, HELO, LOGIN }: XclientAttributes,
): { admission: Admission; client: Client } | "bad-address" | "refused" {
  const address = canonicalAddress(ADDR === undefined || ADDR === null ? client.address : ADDR.replace(/^IPV6:/i, ""));
  if (address === null) return "bad-address";
  const port = PORT === undefined ? client.port : Number(PORT ?? 0);
  const governing = admission.readmit === undefined ? admission.governing : admission.readmit(address);
  if (governing === null) return "refused";
  const auth = LOGIN === undefined || LOGIN === null ? null : { mechanism: "XCLIENT", user: LOGIN };
  return {
    admission: { ...admission, client: { address, port }, governing },
    client: { ...client, address, port, helo: HELO ?? null, auth },
  };
}
