import { type Credential, userKey } from "#core/contract/credential.ts";
import type { Problem } from "#core/contract/policy-document.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";

type FindCredential = (name: string) => Credential | null;

/** What a policy's routes ask of credentials and this worker's do not give: one that it has not got, or that cannot be bridged. */
export function credentialProblems({ document }: CompiledPolicy, find: FindCredential): Problem[] {
  return document.routes.flatMap((route, index): Problem[] => {
    const path = ["routes", index];
    if (route.protocol === "pop3") {
      return bridgeProblems(route.bridge?.credentials ?? [], find, [...path, "bridge", "credentials"]);
    }
    const { credential } = route;
    return credential === undefined || find(credential) !== null ? [] : [unknown(credential, [...path, "credential"])];
  });
}

/** A client is known by the user of its credential, and proves it by that one's password for clients. */
function bridgeProblems(names: readonly string[], find: FindCredential, at: Problem["path"]): Problem[] {
  const users = new Map<string, string>();
  return names.flatMap((name, index): Problem[] => {
    const path = [...at, index];
    const credential = find(name);
    if (credential === null) return [unknown(name, path)];
    if (credential.clientPassword === undefined) {
      const message = `the credential "${name}" has no password for mail programs, by which the bridge would know them: give it one`;
      return [{ path, code: "illegal", message }];
    }
    const other = users.get(userKey(credential.user));
    users.set(userKey(credential.user), name);
    if (other === undefined) return [];
    const message = `the credentials "${other}" and "${name}" are both of the user "${credential.user}": the bridge takes one of them`;
    return [{ path, code: "illegal", message }];
  });
}

function unknown(name: string, path: Problem["path"]): Problem {
  const message = `this worker has no credential "${name}": add it in the console, or name it in worker.yaml`;
  return { path, code: "unknown-name", message };
}
