#include "payments/delivery/sftp_channel.h"

#include <fcntl.h>
#include <libssh2.h>
#include <libssh2_sftp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "core/failpoint.h"
#include "core/secret.h"
#include "payments/descriptor.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kLargestKeyFile = 65'536;

std::string Join(const std::string& directory, const std::string& name) {
  if (directory.empty()) return name;
  return directory.ends_with('/') ? directory + name : directory + "/" + name;
}

std::string TemporaryName(const std::string& name) { return "." + name + ".tmp"; }

unsigned LengthOf(const std::string& text) { return static_cast<unsigned>(text.size()); }

// Once for the process; it is never taken down, like the libraries below it.
bool LibraryIsReady() {
  static const bool ready = libssh2_init(0) == 0;
  return ready;
}

std::string_view AnswerText(unsigned long code) {
  switch (code) {
    case LIBSSH2_FX_NO_SUCH_FILE:
    case LIBSSH2_FX_NO_SUCH_PATH:
      return "there is no such file or folder";
    case LIBSSH2_FX_PERMISSION_DENIED:
    case LIBSSH2_FX_WRITE_PROTECT:
      return "permission denied";
    case LIBSSH2_FX_NO_SPACE_ON_FILESYSTEM:
    case LIBSSH2_FX_QUOTA_EXCEEDED:
      return "no space is left there";
    case LIBSSH2_FX_FILE_ALREADY_EXISTS:
      return "the name is taken";
    case LIBSSH2_FX_OP_UNSUPPORTED:
      return "the server does not offer it";
    default:
      return "the server refused";
  }
}

bool IsMissing(unsigned long code) {
  return code == LIBSSH2_FX_NO_SUCH_FILE || code == LIBSSH2_FX_NO_SUCH_PATH;
}

StatusOr<SecretString> ReadKey(const SftpPlace& place) {
  const Descriptor file(::open(place.key_file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (file.Get() < 0 || ::fstat(file.Get(), &info) != 0) {
    return FailedPrecondition("sftp {}: its key_file cannot be read: {}", place.name,
                              std::strerror(errno));
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return FailedPrecondition(
        "sftp {}: its key_file may be used by others on this machine: chmod 600, and ask for a new "
        "key if others were",
        place.name);
  }
  std::string text(kLargestKeyFile, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file.Get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return SecretString(std::move(text));
}

// Waits until the socket may be written; false when the time is over or the connection is refused.
bool Connects(int fd, const addrinfo& address, int milliseconds) {
  if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd entry{fd, POLLOUT, 0};
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, milliseconds);
  } while (ready < 0 && errno == EINTR);
  int error = 0;
  socklen_t size = sizeof error;
  return ready == 1 && ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

StatusOr<int> OpenSocket(const SftpPlace& place) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(place.port);
  if (const int error = ::getaddrinfo(place.host.c_str(), port.c_str(), &hints, &found);
      error != 0) {
    return Unavailable("sftp {}: there is no address of {}: {}", place.name, place.host,
                       ::gai_strerror(error));
  }
  int connected = -1;
  for (const addrinfo* address = found; address != nullptr && connected < 0;
       address = address->ai_next) {
    const int fd = ::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                            address->ai_protocol);
    if (fd < 0) continue;
    // Questions are short and each waits for its answer.
    const int at_once = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    if (Connects(fd, *address, place.timeout_seconds * 1'000)) {
      connected = fd;
    } else {
      ::close(fd);
    }
  }
  ::freeaddrinfo(found);
  if (connected < 0) {
    return Unavailable("sftp {}: {} port {} does not answer", place.name, place.host, place.port);
  }
  return connected;
}

}  // namespace

// One session with the server.
class SftpChannel::Connection {
 public:
  Connection(const SftpPlace& place, int socket) : place_(place), socket_(socket) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  Status Begin();
  // What was asked last may still be answered: nothing more is asked of it.
  void Break() { broken_ = true; }

  // None when there is no such file.
  StatusOr<std::optional<std::int64_t>> SizeOf(const std::string& path);
  StatusOr<Digest> Hash(const std::string& path);
  Status Put(const std::string& path, std::string_view bytes);
  Status Rename(const std::string& from, const std::string& to);
  Status Remove(const std::string& path);

 private:
  // A file that is open on the server.
  class Handle {
   public:
    explicit Handle(LIBSSH2_SFTP_HANDLE* handle) : handle_(handle) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { Close(); }
    LIBSSH2_SFTP_HANDLE* Get() const { return handle_; }
    int Close() {
      LIBSSH2_SFTP_HANDLE* const handle = std::exchange(handle_, nullptr);
      return handle == nullptr ? 0 : libssh2_sftp_close_handle(handle);
    }

   private:
    LIBSSH2_SFTP_HANDLE* handle_;
  };

  Status CheckHostKey();
  Status SignIn();
  Status Send(LIBSSH2_SFTP_HANDLE* handle, std::string_view bytes);
  // The failure of the last call, as an outcome.
  Status Failed(std::string_view step) const;
  // What the server answered to the last call; none when there was no answer.
  std::optional<unsigned long> Answer() const;

  const SftpPlace& place_;
  Descriptor socket_;
  LIBSSH2_SESSION* session_ = nullptr;
  LIBSSH2_SFTP* sftp_ = nullptr;
  bool broken_ = true;  // until it has begun
};

SftpChannel::Connection::~Connection() {
  if (session_ == nullptr) return;
  // A farewell is not waited for: the other side may be gone.
  if (broken_) ::shutdown(socket_.Get(), SHUT_RDWR);
  libssh2_session_set_timeout(session_, 1'000);
  if (sftp_ != nullptr) libssh2_sftp_shutdown(sftp_);
  libssh2_session_disconnect(session_, "done");
  libssh2_session_free(session_);
}

std::optional<unsigned long> SftpChannel::Connection::Answer() const {
  if (sftp_ == nullptr || libssh2_session_last_errno(session_) != LIBSSH2_ERROR_SFTP_PROTOCOL) {
    return std::nullopt;
  }
  return libssh2_sftp_last_error(sftp_);
}

Status SftpChannel::Connection::Failed(std::string_view step) const {
  if (const auto answer = Answer()) {
    return Unavailable("sftp {}: {}: {}", place_.name, step, AnswerText(*answer));
  }
  char* text = nullptr;
  int size = 0;
  libssh2_session_last_error(session_, &text, &size, 0);
  return Unavailable("sftp {}: {}: the connection failed ({})", place_.name, step,
                     std::string_view(text, static_cast<std::size_t>(size)));
}

Status SftpChannel::Connection::Begin() {
  if (!LibraryIsReady()) return Unavailable("the SSH library cannot be set up");
  session_ = libssh2_session_init_ex(nullptr, nullptr, nullptr, nullptr);
  if (session_ == nullptr) return ResourceExhausted("no memory for an SSH session");
  libssh2_session_set_blocking(session_, 1);
  libssh2_session_set_timeout(session_, place_.timeout_seconds * 1'000L);
  const std::string types = PinnedKeyTypes(place_);
  if (!types.empty() &&
      libssh2_session_method_pref(session_, LIBSSH2_METHOD_HOSTKEY, types.c_str()) != 0) {
    return FailedPrecondition(
        "sftp {}: host keys of the type {} cannot be checked: pin one of another type", place_.name,
        types);
  }
  if (libssh2_session_handshake(session_, socket_.Get()) != 0) return Failed("greeting");
  RETURN_IF_ERROR(CheckHostKey());
  RETURN_IF_ERROR(SignIn());
  sftp_ = libssh2_sftp_init(session_);
  if (sftp_ == nullptr) return Failed("starting SFTP");
  broken_ = false;
  return OkStatus();
}

Status SftpChannel::Connection::CheckHostKey() {
  std::size_t size = 0;
  int type = 0;
  const char* const key = libssh2_session_hostkey(session_, &size, &type);
  if (key == nullptr) return Failed("reading the host key");
  const ByteView blob = AsBytes(std::string_view(key, size));
  if (IsPinned(place_, blob)) return OkStatus();
  return FailedPrecondition(
      "sftp {}: {} port {} shows the host key {}, which is not the pinned one: nothing is sent. "
      "Ask its owner, by a way you know, before you change the configuration",
      place_.name, place_.host, place_.port, HostKeyFingerprint(blob));
}

Status SftpChannel::Connection::SignIn() {
  ASSIGN_OR_RETURN(const SecretString key, ReadKey(place_));
  const int result = libssh2_userauth_publickey_frommemory(
      session_, place_.user.data(), place_.user.size(), nullptr, 0, key.Reveal().data(),
      key.Reveal().size(), nullptr);
  if (result == 0) return OkStatus();
  if (result == LIBSSH2_ERROR_AUTHENTICATION_FAILED ||
      result == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED || result == LIBSSH2_ERROR_FILE ||
      result == LIBSSH2_ERROR_METHOD_NONE) {
    return FailedPrecondition(
        "sftp {}: the server does not take our key for user {}: is the public key installed there, "
        "and is the key_file a private key without a passphrase?",
        place_.name, place_.user);
  }
  return Failed("signing in");
}

StatusOr<std::optional<std::int64_t>> SftpChannel::Connection::SizeOf(const std::string& path) {
  LIBSSH2_SFTP_ATTRIBUTES attributes{};
  if (libssh2_sftp_stat_ex(sftp_, path.c_str(), LengthOf(path), LIBSSH2_SFTP_STAT, &attributes) ==
      0) {
    if ((attributes.flags & LIBSSH2_SFTP_ATTR_SIZE) == 0) {
      return Unavailable("sftp {}: the server does not say how large {} is", place_.name, path);
    }
    return std::optional(static_cast<std::int64_t>(attributes.filesize));
  }
  if (const auto answer = Answer(); answer && IsMissing(*answer)) {
    return std::optional<std::int64_t>();
  }
  return Failed("looking for " + path);
}

StatusOr<Digest> SftpChannel::Connection::Hash(const std::string& path) {
  Handle handle(libssh2_sftp_open_ex(sftp_, path.c_str(), LengthOf(path), LIBSSH2_FXF_READ, 0,
                                     LIBSSH2_SFTP_OPENFILE));
  if (handle.Get() == nullptr) {
    const Status failed = Failed("reading back " + path);
    const auto answer = Answer();
    if (!answer || *answer != LIBSSH2_FX_PERMISSION_DENIED) return failed;
    return Annotate(failed, "where files may not be read, set read_back = false");
  }
  std::string bytes;
  std::array<char, 32'768> buffer{};
  for (;;) {
    const ssize_t count = libssh2_sftp_read(handle.Get(), buffer.data(), buffer.size());
    if (count < 0) return Failed("reading back " + path);
    if (count == 0) return Sha256(AsBytes(bytes));
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Status SftpChannel::Connection::Send(LIBSSH2_SFTP_HANDLE* handle, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = libssh2_sftp_write(handle, bytes.data(), bytes.size());
    if (count <= 0) return Failed("uploading");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return OkStatus();
}

Status SftpChannel::Connection::Put(const std::string& path, std::string_view bytes) {
  Handle handle(libssh2_sftp_open_ex(
      sftp_, path.c_str(), LengthOf(path),
      LIBSSH2_FXF_WRITE | LIBSSH2_FXF_CREAT | LIBSSH2_FXF_TRUNC,
      LIBSSH2_SFTP_S_IRUSR | LIBSSH2_SFTP_S_IWUSR | LIBSSH2_SFTP_S_IRGRP, LIBSSH2_SFTP_OPENFILE));
  if (handle.Get() == nullptr) return Failed("opening " + path);
  const std::size_t half = bytes.size() / 2;
  RETURN_IF_ERROR(Send(handle.Get(), bytes.substr(0, half)));
  RETURN_IF_ERROR(Failpoint("deliver.mid_upload"));
  RETURN_IF_ERROR(Send(handle.Get(), bytes.substr(half)));
  if (libssh2_sftp_fsync(handle.Get()) != 0) {
    const auto answer = Answer();
    if (!answer || *answer != LIBSSH2_FX_OP_UNSUPPORTED) return Failed("keeping " + path);
  }
  if (handle.Close() != 0) return Failed("closing " + path);
  ASSIGN_OR_RETURN(const auto there, SizeOf(path));
  if (!there || *there != static_cast<std::int64_t>(bytes.size())) {
    return Unavailable("sftp {}: {} was sent with {} bytes and has {} there", place_.name, path,
                       bytes.size(), there ? *there : 0);
  }
  if (place_.read_back) {
    ASSIGN_OR_RETURN(const Digest hash, Hash(path));
    if (hash != Sha256(AsBytes(bytes))) {
      return Unavailable("sftp {}: {} reads back otherwise than it was sent", place_.name, path);
    }
  }
  return Failpoint("deliver.after_upload");
}

Status SftpChannel::Connection::Rename(const std::string& from, const std::string& to) {
  // Some servers replace what has the name.
  ASSIGN_OR_RETURN(const auto taken, SizeOf(to));
  if (taken) return AlreadyExists("sftp {}: {} is there already", place_.name, to);
  if (libssh2_sftp_rename_ex(sftp_, from.c_str(), LengthOf(from), to.c_str(), LengthOf(to),
                             LIBSSH2_SFTP_RENAME_ATOMIC | LIBSSH2_SFTP_RENAME_NATIVE) == 0) {
    return OkStatus();
  }
  const Status failed = Failed("naming " + to);
  const auto answer = Answer();
  if (answer && *answer == LIBSSH2_FX_FILE_ALREADY_EXISTS) {
    return AlreadyExists("sftp {}: {} is there already", place_.name, to);
  }
  return failed;
}

Status SftpChannel::Connection::Remove(const std::string& path) {
  if (libssh2_sftp_unlink_ex(sftp_, path.c_str(), LengthOf(path)) == 0) return OkStatus();
  if (const auto answer = Answer(); answer && IsMissing(*answer)) return OkStatus();
  return Failed("removing " + path);
}

SftpChannel::SftpChannel(SftpPlace place) : place_(std::move(place)) {}
SftpChannel::~SftpChannel() = default;

StatusOr<SftpChannel::Connection*> SftpChannel::Connected() {
  if (connection_ == nullptr) {
    ASSIGN_OR_RETURN(const int socket, OpenSocket(place_));
    auto connection = std::make_unique<Connection>(place_, socket);
    RETURN_IF_ERROR(connection->Begin());
    connection_ = std::move(connection);
  }
  return connection_.get();
}

Status SftpChannel::Gone(Status status) {
  // Whatever was the matter, the next call begins anew: an answer that is still under way must not
  // be taken for that of another question.
  if (status.code() == absl::StatusCode::kUnavailable && connection_ != nullptr) {
    connection_->Break();
    connection_.reset();
  }
  return status;
}

StatusOr<Sighting> SftpChannel::LookUp(const FileIdentity& file) {
  ASSIGN_OR_RETURN(Connection* const server, Connected());
  std::vector<std::string> places = {Join(place_.directory, file.name)};
  if (!place_.taken_directory.empty()) places.push_back(Join(place_.taken_directory, file.name));
  for (const std::string& path : places) {
    const auto found = server->SizeOf(path);
    if (!found.ok()) return Gone(found.status());
    if (!*found) continue;
    Sighting sighting{.what = **found == file.size ? Delivered::kSame : Delivered::kOther,
                      .evidence = fmt::format("{} lists {} with {} bytes", Where(), path, **found)};
    if (sighting.what == Delivered::kSame && place_.read_back) {
      const auto hash = server->Hash(path);
      if (!hash.ok()) return Gone(hash.status());
      if (*hash != file.sha256) sighting.what = Delivered::kOther;
      sighting.evidence +=
          *hash == file.sha256 ? ", read back and the same" : ", read back otherwise";
    }
    return sighting;
  }
  const auto temporary = server->SizeOf(Join(place_.directory, TemporaryName(file.name)));
  if (!temporary.ok()) return Gone(temporary.status());
  return Sighting{.what = *temporary ? Delivered::kTemporary : Delivered::kNothing,
                  .evidence = fmt::format("{} lists {}", Where(),
                                          *temporary ? "its temporary name" : "neither name")};
}

Status SftpChannel::WriteTemporary(const std::string& name, std::string_view bytes) {
  ASSIGN_OR_RETURN(Connection* const server, Connected());
  return Gone(server->Put(Join(place_.directory, TemporaryName(name)), bytes));
}

Status SftpChannel::RenameTemporary(const std::string& name) {
  ASSIGN_OR_RETURN(Connection* const server, Connected());
  return Gone(
      server->Rename(Join(place_.directory, TemporaryName(name)), Join(place_.directory, name)));
}

Status SftpChannel::RemoveTemporary(const std::string& name) {
  ASSIGN_OR_RETURN(Connection* const server, Connected());
  return Gone(server->Remove(Join(place_.directory, TemporaryName(name))));
}

}  // namespace sluice::payments
