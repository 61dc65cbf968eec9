/** Of what is only shown: hides links that open an empty editor. */
export const withoutAdding = "[&_a[href*='new=']]:hidden [&_a[href*='add=']]:hidden [&_a[href*='preset=']]:hidden";
