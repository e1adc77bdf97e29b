// What you registered at your authorization server; the redirect URI is each shell's own.
export const registration = {
  server: {
    issuer: 'https://as.example',
    authorization_endpoint: 'https://as.example/authorize',
    token_endpoint: 'https://as.example/token',
  },
  client_id: 'city-issues',
  resources: ['https://api.example/v2'],
};
