export const statusPage = (_: unknown) => ({ fetch: () => new Response("x") });
