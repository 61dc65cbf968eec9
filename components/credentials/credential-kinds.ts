export const kindWords = { password: "User and password", oauth2: "OAuth 2.0 refresh token" } as const;
