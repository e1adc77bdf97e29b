# frozen_string_literal: true

# Doorkeeper on Rails, in one file: a development server on loopback.
#
#   ruby server.rb [--port N] [--redirect-uri URI]... [--cors] [--reuse-tokens]
#
# Prints one JSON line when it listens, and ends when its standard input ends, so that it cannot
# outlive the program that holds the other end of that pipe.

# Before anything slow, so that it holds while Rails loads too.
%w[INT TERM].each { |signal| trap(signal) { exit!(0) } }
Thread.new do
  $stdin.read
  exit!(0)
end

require 'json'
require 'openssl'
require 'optparse'
require 'securerandom'

OPTIONS = { port: 4190, redirect_uris: ['http://localhost:4180/'], cors: false, reuse_tokens: false }
OptionParser.new do |parser|
  parser.on('--port N', Integer) { |port| OPTIONS[:port] = port }
  parser.on('--redirect-uri URI') { |uri| OPTIONS[:redirect_uris] << uri }
  parser.on('--cors') { OPTIONS[:cors] = true }
  parser.on('--reuse-tokens') { OPTIONS[:reuse_tokens] = true }
end.parse!
OPTIONS.freeze

ENV['RAILS_ENV'] = ENV['RACK_ENV'] = 'development'
# One connection that is never reaped: a database in memory lives and dies with its connection.
ENV['DATABASE_URL'] = 'sqlite3::memory:?pool=1&checkout_timeout=30&idle_timeout=0&reaping_frequency=0'

require 'puma'
require 'puma/server'

HOST = '127.0.0.1'

# The port first: the issuer, the cookie's name and the JSON line depend on it.
PUMA = Puma::Server.new(nil, Puma::Events.new($stderr, $stderr), min_threads: 4, max_threads: 4)
begin
  PUMA.add_tcp_listener(HOST, OPTIONS[:port])
rescue Errno::EADDRINUSE, Errno::EACCES
  PUMA.add_tcp_listener(HOST, 0)
end
PORT = PUMA.connected_ports.first
ORIGIN = "http://#{HOST}:#{PORT}"

require 'logger'
require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'doorkeeper'
require 'doorkeeper/openid_connect'

USER = { email: 'ada@example.com', password: 'demo', name: 'Ada Lovelace' }.freeze

# The lifetime of each client's access tokens, in seconds.
LIFETIMES = {
  'city-issues' => 7200,
  'city-issues-short' => 3,
  'city-issues-forever' => Float::INFINITY,
  'city-issues-server' => 3600
}.freeze

# The requests that reached the API, preflights included, as the tests want to see them.
module RequestLog
  LIMIT = 1000
  LOCK = Mutex.new
  @entries = []

  def self.add(entry)
    LOCK.synchronize do
      @entries << entry
      @entries.shift if @entries.size > LIMIT
    end
  end

  def self.to_a = LOCK.synchronize { @entries.dup }

  def self.clear = LOCK.synchronize { @entries.clear }
end

class LogApiRequests
  def initialize(app)
    @app = app
  end

  def call(env)
    if env['PATH_INFO'].start_with?('/api/')
      RequestLog.add(
        method: env['REQUEST_METHOD'],
        path: env['PATH_INFO'],
        authorization: env.key?('HTTP_AUTHORIZATION') ? 'present' : 'absent'
      )
    end
    @app.call(env)
  end
end

# Doorkeeper answers no preflight and sends no CORS header. The API of this server does, as any API
# for browsers must; the endpoints of the protocol only with --cors. WWW-Authenticate is not exposed.
class Cors
  API = %r{\A/api/}
  PROTOCOL = %r{\A/(oauth/(token|revoke|userinfo|discovery/keys)\z|\.well-known/)}

  def initialize(app)
    @app = app
  end

  def call(env)
    return @app.call(env) unless env['HTTP_ORIGIN'] && open?(env['PATH_INFO'])
    return preflight(env) if preflight?(env)

    status, headers, body = @app.call(env)
    [status, headers.merge('Access-Control-Allow-Origin' => '*'), body]
  end

  private

  def open?(path)
    path.match?(API) || (OPTIONS[:cors] && path.match?(PROTOCOL))
  end

  def preflight?(env)
    env['REQUEST_METHOD'] == 'OPTIONS' && env.key?('HTTP_ACCESS_CONTROL_REQUEST_METHOD')
  end

  def preflight(env)
    headers = {
      'Access-Control-Allow-Origin' => '*',
      'Access-Control-Allow-Methods' => 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'Access-Control-Allow-Headers' => env['HTTP_ACCESS_CONTROL_REQUEST_HEADERS'],
      'Vary' => 'Access-Control-Request-Headers'
    }
    [204, headers.compact, []]
  end
end

class DoorkeeperServer < Rails::Application
  config.load_defaults 6.1
  config.root = __dir__
  config.paths['app/views'] = 'views'
  config.cache_classes = true
  config.eager_load = true
  config.consider_all_requests_local = false
  config.secret_key_base = SecureRandom.hex(64)
  config.hosts = [HOST, 'localhost']
  config.logger = Logger.new($stderr)
  config.log_level = :error
  config.filter_parameters += %i[password token]
  config.active_support.deprecation = :silence
  # Cookies do not separate by port: the name does.
  config.session_store :cookie_store, key: "_claviger_doorkeeper_#{PORT}"
  config.middleware.insert_before 0, Cors
  config.middleware.insert_before 0, LogApiRequests
end

class User < ActiveRecord::Base
end

Doorkeeper.configure do
  orm :active_record

  resource_owner_authenticator do
    User.find_by(id: session[:user_id]) || redirect_to(sign_in_path(return_to: request.fullpath))
  end

  grant_flows %w[authorization_code client_credentials implicit implicit_oidc]
  use_refresh_token
  reuse_access_token if OPTIONS[:reuse_tokens]
  custom_access_token_expires_in { |context| LIFETIMES.fetch(context.client.uid) }

  default_scopes :profile, :issues
  optional_scopes :openid

  access_token_methods :from_bearer_authorization, :from_access_token_param

  # Redirect URIs on loopback are plain http.
  force_ssl_in_redirect_uri false
end

Doorkeeper::OpenidConnect.configure do
  issuer ORIGIN
  signing_key OpenSSL::PKey::RSA.new(2048).to_pem
  protocol { :http }
  subject { |user, _client| user.id.to_s }
  resource_owner_from_access_token { |token| User.find_by(id: token.resource_owner_id) }
  auth_time_from_resource_owner(&:signed_in_at)

  reauthenticate_resource_owner do |_user, return_to|
    reset_session
    redirect_to sign_in_path(return_to: return_to)
  end

  select_account_for_resource_owner do |_user, return_to|
    reset_session
    redirect_to sign_in_path(return_to: return_to)
  end

  claims do
    normal_claim(:name, scope: :profile, response: %i[id_token user_info]) { |user| user.name }
    normal_claim(:email, scope: :profile, response: %i[id_token user_info]) { |user| user.email }
  end
end

ActiveRecord::Migration.verbose = false
DoorkeeperServer.initialize!

# Controllers after the initialisers: only those see the routes.
class SessionsController < ActionController::Base
  protect_from_forgery with: :exception
  layout 'doorkeeper/application'

  def new; end

  def create
    user = User.find_by(email: params[:email].to_s)
    if user && ActiveSupport::SecurityUtils.secure_compare(params[:password].to_s, USER[:password])
      reset_session
      session[:user_id] = user.id
      user.update!(signed_in_at: Time.now.utc)
      redirect_to return_to
    else
      @refused = true
      render :new, status: :unprocessable_entity
    end
  end

  private

  # Only back to the authorization endpoint of this server.
  def return_to
    path = params[:return_to].to_s
    path.start_with?('/oauth/authorize?') ? path : '/'
  end
end

class ApiController < ActionController::API
  before_action(only: :profile) { doorkeeper_authorize! :profile }
  before_action(only: %i[issues report]) { doorkeeper_authorize! :issues }

  ISSUES = [
    { id: 1, status: 'Open', summary: 'Pothole', address: '12 Elm Street',
      description: 'A deep pothole in front of the school.', created_at: '2026-11-02T09:15:00Z' },
    { id: 2, status: 'Acknowledged', summary: 'Street light out', address: '4 Harbour Road',
      description: 'The corner has been dark since Monday.', created_at: '2026-11-05T18:40:00Z' }
  ]
  LOCK = Mutex.new

  def profile
    user = User.find_by(id: doorkeeper_token.resource_owner_id)
    # The token of a client that acts for itself.
    return render(json: { errors: { base: ['no user'] } }, status: :not_found) unless user

    render json: { id: user.id, name: user.name, email: user.email }
  end

  def issues
    render json: { issues: LOCK.synchronize { ISSUES.dup } }
  end

  def report
    summary = params[:summary].to_s
    return render(json: { errors: { summary: ['is required'] } }, status: :unprocessable_entity) if summary.blank?

    issue = LOCK.synchronize do
      ISSUES << {
        id: ISSUES.size + 1, status: 'Open', summary: summary, address: params[:address].to_s,
        description: params[:description].to_s, created_at: Time.now.utc.iso8601
      }
      ISSUES.last
    end
    render json: issue, status: :created
  end
end

# For development and tests only: what a user does on the server's own pages, and what it has seen.
class TestController < ActionController::API
  def revoke
    token = Doorkeeper::AccessToken.by_token(params[:token])
    return render(json: { error: 'unknown token' }, status: :not_found) unless token

    token.revoke
    render json: {}
  end

  def log
    render json: RequestLog.to_a
  end

  def clear_log
    RequestLog.clear
    head :no_content
  end
end

DoorkeeperServer.routes.draw do
  use_doorkeeper { skip_controllers :applications, :authorized_applications }
  use_doorkeeper_openid_connect

  root to: ->(_env) { [200, { 'Content-Type' => 'text/plain' }, ["Doorkeeper, a development server.\n"]] }
  get 'sign-in', to: 'sessions#new', as: :sign_in
  post 'sign-in', to: 'sessions#create'

  get 'api/v2/profile', to: 'api#profile'
  get 'api/v2/issues', to: 'api#issues'
  post 'api/v2/issues', to: 'api#report'

  post 'test/revoke', to: 'test#revoke'
  get 'test/log', to: 'test#log'
  delete 'test/log', to: 'test#clear_log'

  # What Rails answers anyway, without a stack trace in the log for each favicon.
  match '*path', to: ->(_env) { [404, {}, []] }, via: :all
end

ActiveRecord::Schema.define do
  create_table :users do |t|
    t.string :email, null: false
    t.string :name, null: false
    t.datetime :signed_in_at
  end

  create_table :oauth_applications do |t|
    t.string :name, null: false
    t.string :uid, null: false, index: { unique: true }
    t.string :secret, null: false
    t.text :redirect_uri, null: false
    t.string :scopes, null: false, default: ''
    t.boolean :confidential, null: false, default: true
    t.timestamps null: false
  end

  create_table :oauth_access_grants do |t|
    t.references :resource_owner, null: false
    t.references :application, null: false
    t.string :token, null: false, index: { unique: true }
    t.integer :expires_in, null: false
    t.text :redirect_uri, null: false
    t.datetime :created_at, null: false
    t.datetime :revoked_at
    t.string :scopes, null: false, default: ''
    t.string :code_challenge
    t.string :code_challenge_method
  end

  create_table :oauth_access_tokens do |t|
    t.references :resource_owner
    t.references :application, null: false
    t.string :token, null: false, index: { unique: true }
    t.string :refresh_token, index: { unique: true }
    t.integer :expires_in
    t.datetime :revoked_at
    t.datetime :created_at, null: false
    t.string :scopes
    # With this column an old refresh token works until the new access token is used.
    t.string :previous_refresh_token, null: false, default: ''
  end

  create_table :oauth_openid_requests do |t|
    t.references :access_grant, null: false
    t.string :nonce, null: false
  end
end

User.create!(USER.slice(:email, :name))

def register(uid, confidential: false)
  Doorkeeper::Application.create!(
    name: 'City Issues', uid: uid, confidential: confidential, scopes: 'profile issues openid',
    redirect_uri: OPTIONS[:redirect_uris].uniq.join("\n")
  )
rescue ActiveRecord::RecordInvalid => e
  abort "A client can't be registered. #{e.message}"
end

%w[city-issues city-issues-short city-issues-forever].each { |uid| register(uid) }
confidential = register('city-issues-server', confidential: true)
ActiveRecord::Base.clear_active_connections!

PUMA.app = DoorkeeperServer
thread = PUMA.run

$stdout.puts JSON.generate(
  name: 'doorkeeper',
  origin: ORIGIN,
  issuer: ORIGIN,
  authorization_endpoint: "#{ORIGIN}/oauth/authorize",
  token_endpoint: "#{ORIGIN}/oauth/token",
  revocation_endpoint: "#{ORIGIN}/oauth/revoke",
  jwks_uri: "#{ORIGIN}/oauth/discovery/keys",
  userinfo_endpoint: "#{ORIGIN}/oauth/userinfo",
  api: "#{ORIGIN}/api/v2",
  clients: { default: 'city-issues', short: 'city-issues-short', forever: 'city-issues-forever' },
  confidential: { client_id: confidential.uid, client_secret: confidential.plaintext_secret },
  user: USER,
  cors: OPTIONS[:cors],
  versions: { doorkeeper: Doorkeeper::VERSION::STRING, rails: Rails.version }
)
$stdout.flush
thread.join
