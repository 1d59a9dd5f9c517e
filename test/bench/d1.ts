export const d1 = { name: 'd1', about: '', run: async () => {} };
