import { z } from "zod";

export const themeCookie = "postern-theme";

const themeSchema = z.enum(["auto", "light", "dark"]).catch("auto");
export type Theme = z.infer<typeof themeSchema>;

/** The theme a cookie asks for; anything else follows the system. */
export function readTheme(value: string | undefined): Theme {
  return themeSchema.parse(value);
}

/** What `<html data-theme>` is for a theme: absent when the system decides. */
export function themeAttribute(theme: Theme): "light" | "dark" | undefined {
  return theme === "auto" ? undefined : theme;
}
