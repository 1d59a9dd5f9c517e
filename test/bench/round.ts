export const round = { name: 'round', about: '', run: async () => {} };
