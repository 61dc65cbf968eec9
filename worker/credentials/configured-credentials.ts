import { z } from "zod";
import { type Credential, credentialSchema, credentialsMax, tokenUrlSchema } from "#core/contract/credential.ts";
import { nameSchema } from "#core/contract/name.ts";

const fileName = z.string().min(1);

/** The section `credentials` of worker.yaml. Secrets stand in files of their own (0600). */
export const configuredCredentialsSchema = z
  .array(
    z
      .strictObject({
        name: nameSchema,
        user: z.string().min(1).max(255),
        passwordFile: fileName.optional(),
        /** What POP3 clients say in its place, where a route's bridge names it. */
        clientPasswordFile: fileName.optional(),
        oauth2: z
          .strictObject({
            tokenUrl: tokenUrlSchema,
            clientId: z.string().min(1).max(500),
            /** Absent: a client without a secret. */
            clientSecretFile: fileName.optional(),
            refreshTokenFile: fileName,
            scope: z.string().max(1000).default(""),
          })
          .optional(),
      })
      .refine(({ passwordFile, oauth2 }) => (passwordFile === undefined) !== (oauth2 === undefined), {
        message: "give it either a passwordFile or oauth2",
      }),
  )
  .max(credentialsMax)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "two credentials have the same name")
  .default([]);

/** The section with its secrets. `secret` reads a file, or tells what is wrong with it under the key and gives an empty text. */
export function readConfiguredCredentials(
  section: z.infer<typeof configuredCredentialsSchema>,
  secret: (key: string, file: string) => string,
): Credential[] {
  return section.flatMap(({ name, user, passwordFile, clientPasswordFile, oauth2 }, index) => {
    const key = `credentials.${index}`;
    const forClients =
      clientPasswordFile === undefined
        ? {}
        : { clientPassword: secret(`${key}.clientPasswordFile`, clientPasswordFile) };
    if (oauth2 !== undefined) {
      const { clientSecretFile, refreshTokenFile, ...rest } = oauth2;
      const at = `${key}.oauth2`;
      const clientSecret = clientSecretFile === undefined ? "" : secret(`${at}.clientSecretFile`, clientSecretFile);
      const refreshToken = secret(`${at}.refreshTokenFile`, refreshTokenFile);
      return parsed({ kind: "oauth2", name, user, ...rest, clientSecret, refreshToken, ...forClients });
    }
    return parsed({
      kind: "password",
      name,
      user,
      password: secret(`${key}.passwordFile`, passwordFile ?? ""),
      ...forClients,
    });
  });
}

/** What cannot be one lacks a secret, which `secret` has told. */
function parsed(credential: unknown): Credential[] {
  const { data } = credentialSchema.safeParse(credential);
  return data === undefined ? [] : [data];
}
