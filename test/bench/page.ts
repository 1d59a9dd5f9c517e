export const page = { name: 'page', about: '', run: async () => {} };
